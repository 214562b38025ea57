package dev.yagura.agent.host;

import dev.yagura.proto.inventory.v1.SocketProtocol;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The kernel's tables in /proc/net; proc(5) has their form. */
final class SocketTables {
    /** TCP_LISTEN. */
    private static final String LISTENS = "0A";

    /** TCP_CLOSE, which UDP sockets have that are connected to nobody. */
    private static final String UNCONNECTED = "07";

    private static final int INODE = 9;
    private static final int RADIX = 16;

    private final Path proc;

    SocketTables(Path proc) {
        this.proc = proc;
    }

    /**
     * All that listen.
     *
     * @throws IOException a table cannot be read or understood
     */
    List<BoundSocket> read() throws IOException {
        Ports clients = clientPorts();
        List<BoundSocket> found = new ArrayList<>();
        for (String table : List.of("tcp", "tcp6")) {
            read(table, SocketProtocol.SOCKET_PROTOCOL_TCP, LISTENS, found);
        }
        List<BoundSocket> datagrams = new ArrayList<>();
        for (String table : List.of("udp", "udp6")) {
            read(table, SocketProtocol.SOCKET_PROTOCOL_UDP, UNCONNECTED, datagrams);
        }
        // A program that asks a name server has such a socket for a moment.
        datagrams.stream().filter(socket -> !clients.has(socket.port())).forEach(found::add);
        return found;
    }

    private void read(String table, SocketProtocol protocol, String state, List<BoundSocket> found)
            throws IOException {
        Path file = proc.resolve("net").resolve(table);
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            lines.readLine(); // names of the columns
            for (@Nullable String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] fields = line.strip().split("\\s+");
                if (fields.length > INODE && fields[3].equals(state)) {
                    found.add(socket(protocol, fields));
                }
            }
        } catch (NoSuchFileException e) {
            if (!table.endsWith("6")) {
                throw e;
            }
            // The kernel has no IPv6.
        } catch (IndexOutOfBoundsException | NumberFormatException e) {
            throw new IOException(file + " has a line that is not understood", e);
        }
    }

    private static BoundSocket socket(SocketProtocol protocol, String[] fields) throws IOException {
        int colon = fields[1].indexOf(':');
        return new BoundSocket(
                protocol,
                address(fields[1].substring(0, colon)),
                Integer.parseInt(fields[1].substring(colon + 1), RADIX),
                Long.parseLong(fields[INODE]));
    }

    /** Words of 32 bits as the machine has them in memory, each as a number. */
    private static InetAddress address(String digits) throws UnknownHostException {
        ByteBuffer bytes = ByteBuffer.allocate(digits.length() / 2).order(ByteOrder.nativeOrder());
        for (int at = 0; at < digits.length(); at += 8) {
            bytes.putInt(Integer.parseUnsignedInt(digits.substring(at, at + 8), RADIX));
        }
        return InetAddress.getByAddress(bytes.array());
    }

    /** Of both ends. */
    private record Ports(int from, int to) {
        boolean has(int port) {
            return from <= port && port <= to;
        }
    }

    /** From which the kernel gives ports to who asks for none; ip(7) has the usual ones. */
    private Ports clientPorts() {
        try {
            String[] range =
                    Files.readString(proc.resolve("sys/net/ipv4/ip_local_port_range"))
                            .strip()
                            .split("\\s+");
            return new Ports(Integer.parseInt(range[0]), Integer.parseInt(range[1]));
        } catch (IOException | IndexOutOfBoundsException | NumberFormatException e) {
            return new Ports(32_768, 60_999);
        }
    }
}
