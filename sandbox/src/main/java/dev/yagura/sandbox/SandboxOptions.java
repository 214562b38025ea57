package dev.yagura.sandbox;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How the server is started. Flags win over the environment.
 *
 * @param address loopback, {@code --address} or {@code YAGURA_SANDBOX_ADDRESS}, 127.0.0.1
 * @param port {@code --port} or {@code YAGURA_SANDBOX_PORT}, 18500; 0 takes a free one
 * @param seed {@code --seed} or {@code YAGURA_SANDBOX_SEED}, a file; the built-in seed if empty
 */
public record SandboxOptions(InetAddress address, int port, Optional<Path> seed) {
    static final int STANDARD_PORT = 18_500;
    private static final Set<String> NAMES = Set.of("address", "port", "seed");

    public SandboxOptions {
        if (!address.isLoopbackAddress()) {
            throw new IllegalArgumentException(
                    "the sandbox listens on loopback only, not on "
                            + address.getHostAddress()
                            + ": it would hand out an account to everyone who can reach it");
        }
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port must be from 0 to 65535: " + port);
        }
    }

    /** A free port on 127.0.0.1 with the built-in seed, for tests. */
    public static SandboxOptions anyPort() {
        return new SandboxOptions(InetAddress.getLoopbackAddress(), 0, Optional.empty());
    }

    /**
     * Reads {@code --name value} pairs.
     *
     * @throws IllegalArgumentException with a sentence for people
     */
    public static SandboxOptions parse(List<String> arguments, Map<String, String> environment) {
        Map<String, String> given = new HashMap<>();
        NAMES.forEach(name -> inherit(name, environment, given));
        Iterator<String> rest = arguments.iterator();
        while (rest.hasNext()) {
            String flag = rest.next();
            String name = flag.startsWith("--") ? flag.substring(2) : "";
            if (!NAMES.contains(name) || !rest.hasNext()) {
                throw new IllegalArgumentException(
                        "usage: sandbox [--port N] [--address LOOPBACK] [--seed FILE], not "
                                + flag);
            }
            given.put(name, rest.next());
        }
        return new SandboxOptions(
                address(given.getOrDefault("address", "127.0.0.1")),
                port(given.getOrDefault("port", Integer.toString(STANDARD_PORT))),
                Optional.ofNullable(given.get("seed")).map(Path::of));
    }

    private static void inherit(
            String name, Map<String, String> environment, Map<String, String> given) {
        String value = environment.get("YAGURA_SANDBOX_" + name.toUpperCase(Locale.ROOT));
        if (value != null) {
            given.put(name, value);
        }
    }

    private static InetAddress address(String text) {
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("not an address: " + text, e);
        }
    }

    private static int port(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("not a port: " + text, e);
        }
    }
}
