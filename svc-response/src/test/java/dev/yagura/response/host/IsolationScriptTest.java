package dev.yagura.response.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.yagura.response.NetworkLab;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Yagura-IsolateHost and Yagura-ReleaseHost, really run, in network namespaces of the test. */
class IsolationScriptTest {
    private static final Duration BOUND = Duration.ofSeconds(30);
    private static final String METADATA = "169.254.169.254";
    private static final String RESOLVER = "10.20.0.2";
    private static final String WAYS =
            "ssm@10.20.1.200/32@443,ssmmessages@10.20.1.201/32@443,ssmmessages@10.20.1.201/32@444,"
                    + "gateway@10.20.1.0/24@8443";

    private static NetworkLab lab;
    private static NetworkLab.Node host;
    private static NetworkLab.Node peer;
    private static NetworkLab.Node container;

    @TempDir Path folder;
    private HostMachine machine;
    private String action;
    private String ways;
    private String through;

    @BeforeAll
    static void makeTheNetwork() throws Exception {
        lab = NetworkLab.start();
        host = lab.onHost().listensOn(22);
        peer =
                lab.onPeer()
                        .listensOn(80, 443, 8443)
                        .answersAt(NetworkLab.FAR, 53)
                        .answersAt(RESOLVER, 53);
        container = lab.inContainer();
    }

    @AfterAll
    static void leaveNothingBehind() {
        if (lab != null) {
            lab.close();
        }
    }

    @BeforeEach
    void takeTheHost() {
        take(HostMachine.SH);
        action = UUID.randomUUID().toString();
        ways = WAYS;
        through = "ssm";
    }

    @AfterEach
    void openTheHost() throws Exception {
        run(HostDocument.RELEASE_HOST, "undo99");
        lab.doOnHost("nft flush ruleset");
    }

    private void take(List<String> shell) {
        machine =
                new HostMachine(
                        folder, Stream.concat(lab.entrance().stream(), shell.stream()).toList());
    }

    @ParameterizedTest
    @MethodSource("dev.yagura.response.host.HostMachine#shells")
    void cutsEverySessionThatIsOpenAndGivesAllOfThemBack(List<String> shell) throws Exception {
        take(shell);
        lab.doOnHost("nft add table inet theirs; nft add chain inet theirs own");
        String before = lab.rules();
        assertThat(host.opens("out", NetworkLab.FAR, 443)).isTrue();
        assertThat(host.opens("out6", NetworkLab.FAR_IPV6, 443)).isTrue();
        assertThat(peer.opens("in", NetworkLab.HOST, 22)).isTrue();
        assertThat(container.opens("through", NetworkLab.FAR, 443)).isTrue();
        assertThat(host.opens("control", "10.20.1.201", 443)).isTrue();
        assertThat(host.hears("out") && host.hears("out6") && host.hears("control")).isTrue();
        assertThat(peer.hears("in") && container.hears("through")).isTrue();
        assertThat(host.isAnswered(NetworkLab.FAR, 53)).isTrue();

        HostMachine.Ended isolated = run(HostDocument.ISOLATE_HOST, "apply");

        assertThat(isolated.exitCode()).as(isolated.toString()).isZero();
        assertThat(isolated.report().all("answered").stream().map(fact -> fact.value(0)))
                .containsExactly("ssm@10.20.1.200/32@443", "ssmmessages@10.20.1.201/32@443");
        assertThat(isolated.report().all("silent")).hasSize(2);
        assertThat(host.isCutOff("out") && host.isCutOff("out6")).isTrue();
        assertThat(peer.isCutOff("in") && container.isCutOff("through")).isTrue();
        assertThat(host.isNotAnswered(NetworkLab.FAR, 53)).isTrue();
        assertThat(host.hears("control")).isTrue();
        assertThat(host.opens("again", "10.20.1.40", 8443)).isTrue();
        assertThat(host.opens("metadata", METADATA, 80)).as("root, as the agent").isTrue();
        assertThat(host.isAnswered(RESOLVER, 53)).isTrue();
        assertThat(peer.opens("new", NetworkLab.HOST, 22)).isFalse();
        assertThat(run(HostDocument.ISOLATE_HOST, "apply").output()).isEqualTo(isolated.output());

        HostReport released = run(HostDocument.RELEASE_HOST, "undo1").report();

        assertThat(released.first("released").orElseThrow().values())
                .containsExactly(isolated.report().first("isolated").orElseThrow().value(0), "yes");
        assertThat(released.all("restored")).isEmpty();
        assertThat(lab.rules()).isEqualTo(before);
        assertThat(machine.state().resolve("isolation")).doesNotExist();
        assertThat(host.hears("out") && host.hears("out6")).isTrue();
        assertThat(peer.hears("in") && container.hears("through")).isTrue();
        assertThat(host.isAnswered(NetworkLab.FAR, 53)).isTrue();
    }

    @Test
    void metadataAndNamesAreForTheAgentsGroupAlone() throws Exception {
        Path root = unified();
        Path group = Files.createDirectory(root.resolve("yagura-test-" + action));
        lab.doOnHost("mount -t cgroup2 none /sys/fs/cgroup");
        try {
            machine =
                    new HostMachine(
                            folder,
                            Stream.of(NetworkLab.entering(group), lab.entrance(), HostMachine.SH)
                                    .flatMap(List::stream)
                                    .toList());
            HostReport report = run(HostDocument.ISOLATE_HOST, "apply").report();

            assertThat(report.first("narrowed").orElseThrow().value(0)).isEqualTo("group");
            assertThat(report.first("narrowed").orElseThrow().text(1))
                    .endsWith("/" + group.getFileName());
            try (NetworkLab.Node agent = lab.onHostIn(group)) {
                assertThat(agent.opens("metadata", METADATA, 80)).isTrue();
                assertThat(agent.isAnswered(RESOLVER, 53)).isTrue();
                assertThat(agent.opens("far", NetworkLab.FAR, 443)).isFalse();
            }
            assertThat(host.opens("metadata", METADATA, 80)).isFalse();
            assertThat(host.isNotAnswered(RESOLVER, 53)).isTrue();
        } finally {
            run(HostDocument.RELEASE_HOST, "undo1");
            lab.doOnHost("umount /sys/fs/cgroup");
            await(() -> group.toFile().delete());
        }
    }

    private static Path unified() throws Exception {
        Optional<Path> root =
                Files.readAllLines(Path.of("/proc/mounts")).stream()
                        .map(line -> line.split(" ", -1))
                        .filter(words -> words[2].equals("cgroup2"))
                        .map(words -> Path.of(words[1]))
                        .findFirst();
        assumeTrue(root.isPresent(), "SKIPPED: there is no cgroup v2 on this machine");
        return root.get();
    }

    @Test
    void putsBackWhatOthersTakeAwayAndSaysSo() throws Exception {
        isolate();
        String made = lab.rules();

        lab.doOnHost("nft add rule inet yagura_isolation output accept");
        await(() -> ruled(made));
        lab.doOnHost("nft flush ruleset");
        await(() -> ruled(made));

        HostReport released = run(HostDocument.RELEASE_HOST, "undo1").report();
        assertThat(released.all("restored").stream().map(fact -> fact.value(0)))
                .containsExactly("altered", "gone");
        assertThat(lab.rules()).isEmpty();
    }

    @Test
    void aTableThatWasAlteredOrDeletedIsTold() throws Exception {
        String made = isolate();
        endTheKeeper();
        lab.doOnHost("nft add rule inet yagura_isolation output accept");

        assertThat(run(HostDocument.RELEASE_HOST, "undo1").report().first("released"))
                .hasValueSatisfying(fact -> {
                    assertThat(fact.value(0)).hasSize(64).isNotEqualTo(made);
                    assertThat(fact.value(1)).isEqualTo("yes");
                });
        assertThat(lab.rules()).isEmpty();

        action = UUID.randomUUID().toString();
        isolate();
        endTheKeeper();
        lab.doOnHost("nft flush ruleset; rm -r " + machine.state().resolve("isolation"));

        assertThat(run(HostDocument.RELEASE_HOST, "undo1").report().first("released"))
                .hasValueSatisfying(
                        fact -> assertThat(fact.values()).containsExactly("gone", "forgotten"));
    }

    /** The answers come from an address that the host does not see before the cut. */
    @Test
    void takesTheCutBackWhenTheControlPathIsGone() throws Exception {
        lab.doOnHost(
                """
                nft add table ip theirs
                nft add chain ip theirs out '{ type nat hook output priority -100; }'
                nft add rule ip theirs out ip daddr 10.20.1.203 dnat to %s
                """
                        .formatted(NetworkLab.FAR));
        String before = lab.rules();
        ways = WAYS.replace("10.20.1.201/32@443", "10.20.1.203/32@443");
        assertThat(host.opens("out", NetworkLab.FAR, 443)).isTrue();

        HostMachine.Ended ended = run(HostDocument.ISOLATE_HOST, "apply");

        assertThat(ended.report().refusal().orElseThrow())
                .contains("did not answer any more after the cut", "took the cut back");
        assertThat(lab.rules()).isEqualTo(before);
        assertThat(machine.state().resolve("isolation")).doesNotExist();
        assertThat(host.hears("out")).isTrue();
    }

    @Test
    void aRunThatWasInterruptedIsGoneOnWith() throws Exception {
        String made = isolate();
        endTheKeeper();
        Path run = machine.run(action + ".apply");
        Files.delete(run.resolve("report"));
        Files.delete(machine.state().resolve("isolation/outcome"));

        assertThat(isolate()).isEqualTo(made);
        lab.doOnHost("nft flush ruleset");
        await(() -> ruled("table inet yagura_isolation"));
    }

    @Test
    void theCutHoldsWhenItsScriptIsKilled() throws Exception {
        isolate();
        ProcessHandle keeper = ProcessHandle.of(keeper()).orElseThrow();

        assertThat(keeper.isAlive()).isTrue();
        assertThat(Files.readString(Path.of("/proc/" + keeper.pid() + "/stat")).split(" ", -1)[5])
                .as("a session of its own")
                .isEqualTo(String.valueOf(keeper.pid()));
    }

    /** Where the host's own agent makes the cut, Systems Manager need not be there. */
    @Test
    void itsOwnWayIsEnough() throws Exception {
        through = "gateway";
        ways = "gateway@10.20.1.40/32@8443";
        assertThat(host.opens("agent", "10.20.1.40", 8443)).isTrue();

        isolate();

        assertThat(host.hears("agent")).isTrue();
        assertThat(host.opens("endpoint", "10.20.1.201", 443)).isFalse();
        assertThat(run(HostDocument.RELEASE_HOST, "undo1").exitCode()).isZero();
        ways = "gateway@10.20.1.40/32@8444,ssm@10.20.1.200/32@443";
        action = UUID.randomUUID().toString();
        assertRefused("no address of gateway answers now");
    }

    @Test
    void refusesWithoutNft() throws Exception {
        lab.doOnHost("mount --bind /dev/null /usr/sbin/nft");
        try {
            HostMachine.Ended ended = run(HostDocument.ISOLATE_HOST, "apply");

            assertThat(ended.exitCode()).isEqualTo(3);
            assertThat(ended.report().refusal().orElseThrow())
                    .contains("the host has no nft", "install its package nftables");
        } finally {
            lab.doOnHost("umount /usr/sbin/nft");
        }
        assertThat(lab.rules()).isEmpty();
        assertThat(machine.state().resolve("isolation")).doesNotExist();
    }

    @Test
    void refusesWhereItCannotOrMustNot() throws Exception {
        ways = WAYS.replace("10.20.1.200/32@443", "10.20.1.200/32@445");
        assertRefused("no address of ssm answers now");

        ways = WAYS;
        lab.doOnHost("nft add table inet yagura_isolation");
        assertRefused("that no action has made", "nft delete table");
        lab.doOnHost("nft delete table inet yagura_isolation");

        isolate();
        String holder = action;
        action = UUID.randomUUID().toString();
        assertThat(run(HostDocument.ISOLATE_HOST, "apply").report().refusal().orElseThrow())
                .contains(holder, "has cut the host off already");
        assertThat(run(HostDocument.RELEASE_HOST, "undo1").report().refusal().orElseThrow())
                .contains(holder);
        action = holder;
    }

    /** Changes nothing. */
    private void assertRefused(String... words) throws Exception {
        String before = lab.rules();
        HostMachine.Ended ended = run(HostDocument.ISOLATE_HOST, "apply");
        assertThat(ended.exitCode()).isEqualTo(3);
        assertThat(ended.report().refusal().orElseThrow()).contains(words);
        assertThat(lab.rules()).isEqualTo(before);
        assertThat(machine.state().resolve("isolation")).doesNotExist();
        action = UUID.randomUUID().toString();
    }

    /** The digest of what was made. */
    private String isolate() throws Exception {
        HostMachine.Ended ended = run(HostDocument.ISOLATE_HOST, "apply");
        assertThat(ended.exitCode()).as(ended.toString()).isZero();
        return ended.report().first("isolated").orElseThrow().value(0);
    }

    private HostMachine.Ended run(HostDocument document, String step) throws Exception {
        Map<String, String> parameters =
                document == HostDocument.RELEASE_HOST
                        ? Map.of("ActionId", action)
                        : Map.of(
                                "ActionId",
                                action,
                                "Through",
                                through,
                                "Ways",
                                ways,
                                "Resolvers",
                                RESOLVER,
                                "Routers",
                                "10.20.1.1");
        return machine.run(document, action + "." + step, parameters);
    }

    private long keeper() throws Exception {
        return Long.parseLong(
                Files.readString(machine.state().resolve("isolation/keeper")).split(" ", -1)[0]);
    }

    private void endTheKeeper() throws Exception {
        ProcessHandle keeper = ProcessHandle.of(keeper()).orElseThrow();
        keeper.destroyForcibly();
        keeper.onExit().get();
    }

    private static boolean ruled(String expected) {
        try {
            return lab.rules().contains(expected);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static void await(BooleanSupplier condition) {
        Instant end = Instant.now().plus(BOUND);
        while (!condition.getAsBoolean()) {
            assertThat(Instant.now()).as("in time").isBefore(end);
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
        }
    }
}
