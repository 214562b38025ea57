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
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The kernel's tables in /proc/net; proc(5) has their form. Whoever may open sockets can make them
 * long: a number of lines is kept, so that nobody can fill the agent's memory with them.
 */
final class SocketTables {
    /** The same ones at each look; those that others can reach first. */
    private static final Comparator<BoundSocket> ORDER =
            Comparator.comparing((BoundSocket socket) -> socket.address().isLoopbackAddress())
                    .thenComparing(BoundSocket::protocol)
                    .thenComparing(BoundSocket::port)
                    .thenComparing(
                            (BoundSocket socket) -> socket.address().getAddress(),
                            Arrays::compareUnsigned)
                    .thenComparing(BoundSocket::inode);

    static final int MOST_KEPT = 5_000;

    /** TCP_LISTEN. */
    private static final String LISTENS = "0A";

    /** TCP_CLOSE, which UDP sockets have that are connected to nobody. */
    private static final String UNCONNECTED = "07";

    private static final int INODE = 9;
    private static final int RADIX = 16;

    private final Path proc;
    private final NavigableSet<BoundSocket> found = new TreeSet<>(ORDER);
    private int leftOut;

    private SocketTables(Path proc) {
        this.proc = proc;
    }

    /**
     * All that listen.
     *
     * @param sockets at most MOST_KEPT
     * @param leftOut how many more there are
     */
    record Listening(List<BoundSocket> sockets, int leftOut) {
        static final Listening NONE = new Listening(List.of(), 0);

        Listening {
            sockets = List.copyOf(sockets);
        }
    }

    /**
     * Looks.
     *
     * @throws IOException a table cannot be read or understood
     */
    static Listening read(Path proc) throws IOException {
        SocketTables tables = new SocketTables(proc);
        for (String table : List.of("tcp", "tcp6")) {
            tables.read(table, SocketProtocol.SOCKET_PROTOCOL_TCP, LISTENS, new Ports(0, -1));
        }
        // A program that asks a name server has such a socket for a moment.
        Ports clients = tables.clientPorts();
        for (String table : List.of("udp", "udp6")) {
            tables.read(table, SocketProtocol.SOCKET_PROTOCOL_UDP, UNCONNECTED, clients);
        }
        return new Listening(List.copyOf(tables.found), tables.leftOut);
    }

    private void add(BoundSocket socket) {
        found.add(socket);
        if (found.size() > MOST_KEPT) {
            found.removeLast();
            leftOut++;
        }
    }

    private void read(String table, SocketProtocol protocol, String state, Ports not)
            throws IOException {
        Path file = proc.resolve("net").resolve(table);
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            lines.readLine(); // names of the columns
            for (@Nullable String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] fields = line.strip().split("\\s+");
                if (fields.length > INODE && fields[3].equals(state)) {
                    BoundSocket socket = socket(protocol, fields);
                    if (!not.has(socket.port())) {
                        add(socket);
                    }
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
