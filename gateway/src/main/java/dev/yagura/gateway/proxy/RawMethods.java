package dev.yagura.gateway.proxy;

import com.google.protobuf.Descriptors;
import dev.yagura.gateway.access.GrpcContracts;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;

/** Methods whose messages stay the bytes that they are on the wire. */
public final class RawMethods {
    private RawMethods() {}

    public static MethodDescriptor<byte[], byte[]> of(Descriptors.MethodDescriptor method) {
        return of(GrpcContracts.fullName(method), type(method));
    }

    static MethodDescriptor<byte[], byte[]> of(String fullName, MethodType type) {
        return MethodDescriptor.newBuilder(Bytes.MARSHALLER, Bytes.MARSHALLER)
                .setFullMethodName(fullName)
                .setType(type)
                .build();
    }

    private static MethodType type(Descriptors.MethodDescriptor method) {
        if (method.isClientStreaming()) {
            return method.isServerStreaming()
                    ? MethodType.BIDI_STREAMING
                    : MethodType.CLIENT_STREAMING;
        }
        return method.isServerStreaming() ? MethodType.SERVER_STREAMING : MethodType.UNARY;
    }
}
