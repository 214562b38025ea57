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
 * @param documents {@code --documents} or {@code YAGURA_SANDBOX_DOCUMENTS}, a folder of Systems
 *     Manager documents to start with; none if empty
 * @param clusterRole {@code --cluster-role} or {@code YAGURA_SANDBOX_CLUSTER_ROLE}, a manifest of
 *     what RBAC allows in clusters of EKS; nothing if empty
 * @param runScripts {@code --run-scripts} or {@code YAGURA_SANDBOX_RUN_SCRIPTS=true}: whether the
 *     control API may let commands of an instance run on this machine
 */
public record SandboxOptions(
        InetAddress address,
        int port,
        Optional<Path> seed,
        Optional<Path> documents,
        Optional<Path> clusterRole,
        boolean runScripts) {
    static final int STANDARD_PORT = 18_500;
    private static final String CLUSTER_ROLE = "cluster-role";
    private static final Set<String> NAMES =
            Set.of("address", "port", "seed", "documents", CLUSTER_ROLE);
    private static final String RUN_SCRIPTS = "run-scripts";

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

    /** Without documents, and without scripts that run. */
    public SandboxOptions(InetAddress address, int port, Optional<Path> seed) {
        this(address, port, seed, Optional.empty(), Optional.empty(), false);
    }

    /** A free port on 127.0.0.1 with the built-in seed, for tests. */
    public static SandboxOptions anyPort() {
        return new SandboxOptions(InetAddress.getLoopbackAddress(), 0, Optional.empty());
    }

    /** The same with instances that may run their commands on this machine. */
    public SandboxOptions withScripts() {
        return new SandboxOptions(address, port, seed, documents, clusterRole, true);
    }

    /** The same with the documents of a folder. */
    public SandboxOptions withDocuments(Path folder) {
        return new SandboxOptions(
                address, port, seed, Optional.of(folder), clusterRole, runScripts);
    }

    /** The same with what a manifest of RBAC allows in clusters. */
    public SandboxOptions withClusterRole(Path manifest) {
        return new SandboxOptions(
                address, port, seed, documents, Optional.of(manifest), runScripts);
    }

    /**
     * Reads {@code --name value} pairs and {@code --run-scripts}.
     *
     * @throws IllegalArgumentException with a sentence for people
     */
    public static SandboxOptions parse(List<String> arguments, Map<String, String> environment) {
        Map<String, String> given = new HashMap<>();
        NAMES.forEach(name -> inherit(name, environment, given));
        inherit(RUN_SCRIPTS, environment, given);
        Iterator<String> rest = arguments.iterator();
        while (rest.hasNext()) {
            String flag = rest.next();
            String name = flag.startsWith("--") ? flag.substring(2) : "";
            if (name.equals(RUN_SCRIPTS)) {
                given.put(name, "true");
            } else if (NAMES.contains(name) && rest.hasNext()) {
                given.put(name, rest.next());
            } else {
                throw new IllegalArgumentException(
                        "usage: sandbox [--port N] [--address LOOPBACK] [--seed FILE]"
                                + " [--documents FOLDER] [--cluster-role FILE] [--run-scripts], not "
                                + flag);
            }
        }
        return new SandboxOptions(
                address(given.getOrDefault("address", "127.0.0.1")),
                port(given.getOrDefault("port", Integer.toString(STANDARD_PORT))),
                Optional.ofNullable(given.get("seed")).map(Path::of),
                Optional.ofNullable(given.get("documents")).map(Path::of),
                Optional.ofNullable(given.get(CLUSTER_ROLE)).map(Path::of),
                flag(given.getOrDefault(RUN_SCRIPTS, "false")));
    }

    private static void inherit(
            String name, Map<String, String> environment, Map<String, String> given) {
        String value =
                environment.get(
                        "YAGURA_SANDBOX_" + name.replace('-', '_').toUpperCase(Locale.ROOT));
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

    private static boolean flag(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default ->
                    throw new IllegalArgumentException(
                            "YAGURA_SANDBOX_RUN_SCRIPTS must be true or false: " + text);
        };
    }
}
