package dev.yagura.response;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A host, a container behind it, and a peer that stands for all the rest of the world, each in
 * network namespaces that are made for it: nothing here touches the rules of this machine.
 */
public final class NetworkLab implements AutoCloseable {
    /** Of the host. */
    public static final String HOST = "10.20.1.10";

    /** An address of the peer that nothing allows. */
    public static final String FAR = "10.20.9.99";

    public static final String FAR_IPV6 = "2001:db8::99";

    /** The endpoints and the gateway of the sandbox's VPC. */
    private static final List<String> SERVICES =
            List.of(
                    "10.20.1.200",
                    "10.20.1.201",
                    "10.20.1.202",
                    "10.20.2.200",
                    "10.20.2.201",
                    "10.20.2.202",
                    "10.20.1.40",
                    "10.20.0.2",
                    "169.254.169.254",
                    FAR);

    private static final int SILENCE_MILLIS = 250;
    private static final int PATIENCE_MILLIS = 20_000;

    private final List<Process> processes = new ArrayList<>();
    private final Process host;
    private final Process peer;
    private final Process container;

    /** What runs on one of the machines. */
    public static final class Node implements AutoCloseable {
        private final Process process;
        private final BufferedReader answers;
        private final BufferedWriter orders;

        private Node(Process process) throws IOException {
            this.process = process;
            this.answers = process.inputReader(StandardCharsets.UTF_8);
            this.orders = process.outputWriter(StandardCharsets.UTF_8);
            assertThat(answers.readLine()).isEqualTo("ready");
        }

        public long pid() {
            return process.pid();
        }

        public Node listensOn(int... ports) {
            Arrays.stream(ports).forEach(port -> assertThat(tell("tcp " + port)).isTrue());
            return this;
        }

        /** Over UDP, from the address that was asked. */
        public Node answersAt(String address, int port) {
            assertThat(tell("udp " + address + " " + port)).isTrue();
            return this;
        }

        /** Opens a connection that stays open under its name. */
        public boolean opens(String name, String address, int port) {
            return tell("open " + name + " " + address + " " + port);
        }

        /** Whether an open connection is alive, given time for what was lost to be sent again. */
        public boolean hears(String name) {
            return tell("say " + name + " " + PATIENCE_MILLIS);
        }

        /** Whether nothing comes back on an open connection. */
        public boolean isCutOff(String name) {
            return !tell("say " + name + " " + SILENCE_MILLIS);
        }

        public boolean isAnswered(String address, int port) {
            return tell("ask " + address + " " + port + " " + PATIENCE_MILLIS);
        }

        public boolean isNotAnswered(String address, int port) {
            return !tell("ask " + address + " " + port + " " + SILENCE_MILLIS);
        }

        @Override
        public void close() throws Exception {
            process.destroyForcibly().waitFor();
        }

        private boolean tell(String order) {
            try {
                orders.write(order + "\n");
                orders.flush();
                return "yes".equals(answers.readLine());
            } catch (IOException e) {
                throw new AssertionError(order, e);
            }
        }
    }

    private NetworkLab() throws Exception {
        host = machine();
        peer = machine();
        container = machine();
        within(
                host,
                """
                ip link set lo up
                ip link add eth0 type veth peer name eth0 netns %d
                ip addr add %s/16 dev eth0
                ip -6 addr add 2001:db8::10/64 dev eth0 nodad
                ip link set eth0 up
                ip route add 169.254.0.0/16 dev eth0
                ip link add cni0 type veth peer name eth0 netns %d
                ip addr add 172.30.0.1/24 dev cni0
                ip link set cni0 up
                echo 1 >/proc/sys/net/ipv4/ip_forward
                """
                        .formatted(peer.pid(), HOST, container.pid()));
        within(
                peer,
                """
                ip link set lo up
                ip link set eth0 up
                for address in %s; do ip addr add $address/16 dev eth0; done
                ip -6 addr add %s/64 dev eth0 nodad
                ip route add 172.30.0.0/24 via %s
                """
                        .formatted(String.join(" ", SERVICES), FAR_IPV6, HOST));
        within(
                container,
                """
                ip link set eth0 up
                ip addr add 172.30.0.2/24 dev eth0
                ip route add default via 172.30.0.1
                """);
    }

    /** Skips the test where this machine cannot make one. */
    public static NetworkLab start() throws Exception {
        assumeTrue(
                "root".equals(System.getProperty("user.name")),
                "SKIPPED: only root may make network namespaces");
        assumeTrue(
                Files.isExecutable(Path.of("/usr/sbin/nft")),
                "SKIPPED: there is no nft here: apt-get install nftables");
        assumeTrue(
                new ProcessBuilder("unshare", "--net", "--mount", "nft", "list", "tables")
                                .start()
                                .waitFor()
                        == 0,
                "SKIPPED: the kernel gives no network namespaces with nf_tables");
        return new NetworkLab();
    }

    /** A process whose namespaces are the host. */
    public long host() {
        return host.pid();
    }

    public Node onHost() throws IOException {
        return node(host, List.of());
    }

    /** A program of the host within a cgroup, by the folder that it has outside the host. */
    public Node onHostIn(Path group) throws IOException {
        return node(host, entering(group));
    }

    public Node onPeer() throws IOException {
        return node(peer, List.of());
    }

    public Node inContainer() throws IOException {
        return node(container, List.of());
    }

    /** What puts the rest of a command line into a cgroup. */
    public static List<String> entering(Path group) {
        return List.of("sh", "-c", "echo $$ >'" + group + "/cgroup.procs' && exec \"$@\"", "sh");
    }

    /** What puts the rest of a command line into the host. */
    public List<String> entrance() {
        return entrance(host);
    }

    private static List<String> entrance(Process machine) {
        return List.of(
                "nsenter", "--target", String.valueOf(machine.pid()), "--net", "--mount", "--wd=/");
    }

    /** Runs a script on the host; its output. */
    public String doOnHost(String script) throws Exception {
        return within(host, script);
    }

    /** Every rule that the host has. */
    public String rules() throws Exception {
        return within(host, "nft -s list ruleset");
    }

    private Node node(Process machine, List<String> before) throws IOException {
        List<String> command = new ArrayList<>(before);
        command.addAll(entrance(machine));
        command.addAll(
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx32m",
                        "-cp",
                        Path.of("target", "test-classes").toAbsolutePath().toString(),
                        NetworkNode.class.getName()));
        Process process = start(command);
        return new Node(process);
    }

    private Process machine() throws IOException {
        Process machine =
                start(
                        List.of(
                                "unshare",
                                "--net",
                                "--mount",
                                "sh",
                                "-c",
                                "echo ready && exec sleep infinity"));
        assertThat(machine.inputReader().readLine()).isEqualTo("ready");
        return machine;
    }

    private Process start(List<String> command) throws IOException {
        Process process =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        processes.add(process);
        return process;
    }

    private static String within(Process machine, String script) throws Exception {
        List<String> command = new ArrayList<>(entrance(machine));
        command.addAll(List.of("sh", "-ec", script));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }

    @Override
    public void close() {
        processes.reversed().forEach(Process::destroyForcibly);
    }
}
