package dev.yagura.bench.platform;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** Ports of one platform on loopback, as the launcher counts them from YAGURA_PORT_BASE. */
record PortRange(int base) {
    /** The launcher uses base to base + 32. */
    private static final int LENGTH = 33;

    /** Below the ports that Linux gives to clients (32768 and up). */
    private static final int LOWEST = 12_000;

    private static final int HIGHEST = 32_000;
    private static final int ATTEMPTS = 100;

    /**
     * A range that nothing listens in at this moment.
     *
     * @throws IOException none was found
     */
    static PortRange free() throws IOException {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            PortRange range =
                    new PortRange(ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST - LENGTH));
            if (range.isFree()) {
                return range;
            }
        }
        throw new IOException(
                "no %d free ports in a row between %d and %d".formatted(LENGTH, LOWEST, HIGHEST));
    }

    private boolean isFree() {
        for (int port = base; port < base + LENGTH; port++) {
            try (ServerSocket socket = new ServerSocket()) {
                socket.setReuseAddress(true);
                socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            } catch (IOException e) {
                return false;
            }
        }
        return true;
    }

    int gateway() {
        return base + 3;
    }

    int sandbox() {
        return base + 30;
    }

    int health(Service service) {
        return base + 21 + service.ordinal();
    }
}
