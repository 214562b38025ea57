package dev.yagura.gateway.guard;

import io.grpc.Metadata;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;

/** Where a call comes from that reaches the guard without a socket of its own. */
public final class GrpcPeerHeader {
    public static final Metadata.Key<InetSocketAddress> KEY =
            Metadata.Key.of("yagura-peer-bin", new Bytes());

    private GrpcPeerHeader() {}

    private static final class Bytes implements Metadata.BinaryMarshaller<InetSocketAddress> {
        @Override
        public byte[] toBytes(InetSocketAddress value) {
            byte[] address = value.getAddress().getAddress();
            return ByteBuffer.allocate(Integer.BYTES + address.length)
                    .putInt(value.getPort())
                    .put(address)
                    .array();
        }

        @Override
        public InetSocketAddress parseBytes(byte[] serialized) {
            ByteBuffer bytes = ByteBuffer.wrap(serialized);
            int port = bytes.getInt();
            byte[] address = new byte[bytes.remaining()];
            bytes.get(address);
            try {
                return new InetSocketAddress(InetAddress.getByAddress(address), port);
            } catch (UnknownHostException e) {
                throw new UncheckedIOException("not the address of a peer", e);
            }
        }
    }
}
