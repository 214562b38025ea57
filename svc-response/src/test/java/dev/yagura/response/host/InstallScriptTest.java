package dev.yagura.response.host;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Yagura-InstallAgent and Yagura-RemoveAgent, really run, with a server that stands for S3. */
class InstallScriptTest {
    private static final String SECRET = "X-Amz-Signature=c0ffee";

    @TempDir Path folder;
    private HostMachine machine;
    private HttpServer s3;
    private TestPackage served = TestPackage.USUAL;
    private String token = TestPackage.TOKEN;

    @BeforeEach
    void takeTheMachine() throws Exception {
        machine = new HostMachine(folder, HostMachine.SH);
        TestPackage.prepare(machine.root());
        s3 = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        s3.createContext(
                "/",
                exchange -> {
                    try (exchange) {
                        byte[] answer =
                                exchange.getRequestURI().getPath().equals("/package")
                                        ? served.content()
                                        : token.getBytes(StandardCharsets.UTF_8);
                        exchange.sendResponseHeaders(answer.length == 0 ? 403 : 200, answer.length);
                        exchange.getResponseBody().write(answer);
                    }
                });
        s3.start();
    }

    @AfterEach
    void leaveNothingBehind() {
        s3.stop(0);
    }

    @ParameterizedTest
    @MethodSource("dev.yagura.response.host.HostMachine#shells")
    void installsWhereNothingWasAndRemovesItAgain(List<String> shell) throws Exception {
        machine = new HostMachine(folder, shell);
        String action = UUID.randomUUID().toString();

        HostReport.Fact installed = done(install(action)).first("installed").orElseThrow();

        assertThat(installed.text(0)).isEqualTo("yagura-agent 9.9");
        assertThat(installed.text(1)).startsWith("enrolled: agent 0198c0de");
        Path link = machine.root().resolve("opt/yagura-agent/current");
        assertThat(link.resolve("ca.pem")).hasContent("an authority");
        assertThat(unit()).hasContent("unit of 9.9");
        assertThat(machine.root().resolve("active")).exists();
        assertThat(systemctl())
                .containsSubsequence(
                        "daemon-reload",
                        "enable yagura-agent.service",
                        "restart yagura-agent.service");
        assertThat(machine.state().resolve("calls"))
                .content()
                .contains("--gateway edr.example.com:7443 --ca " + machine.root());
        assertThat(machine.state().resolve("calls"))
                .content()
                .as("no file has the token")
                .contains("--token-file /dev/stdin");

        assertThat(done(remove(action, "undo1")).first("removed").orElseThrow().text(0)).isEmpty();

        assertThat(link).doesNotExist();
        assertThat(unit()).doesNotExist();
        assertThat(machine.root().resolve("active")).doesNotExist();
        assertThat(machine.root().resolve("opt/yagura-agent/" + served.sha256())).doesNotExist();
        assertThat(done(remove(UUID.randomUUID().toString(), "undo1")).first("absent")).isPresent();
    }

    @Test
    void replacesAnotherPackageAndBringsItBack() throws Exception {
        String first = UUID.randomUUID().toString();
        done(install(first));
        served = new TestPackage("10.0");
        String second = UUID.randomUUID().toString();
        done(install(second));
        assertThat(unit()).hasContent("unit of 10.0");

        assertThat(done(remove(first, "undo1")).first("changed"))
                .as("what was installed since stays")
                .isPresent();
        HostReport.Fact removed = done(remove(second, "undo1")).first("removed").orElseThrow();

        assertThat(removed.text(0)).endsWith(TestPackage.USUAL.sha256());
        assertThat(unit()).hasContent("unit of 9.9");
        assertThat(systemctl()).endsWith("restart yagura-agent.service\n");
        forget(second + ".undo1");
        Files.writeString(machine.root().resolve("opt/yagura-agent/by"), second + "\n");
        assertThat(done(remove(second, "undo1")).first("removed").orElseThrow())
                .as("goes on after an interruption")
                .isEqualTo(removed);
        String again = UUID.randomUUID().toString();
        served = TestPackage.USUAL;
        done(install(again));
        assertThat(done(remove(first, "undo2")).first("changed"))
                .as("the same package, by a later action")
                .isPresent();
        done(remove(again, "undo1"));
        assertThat(done(remove(first, "undo3")).first("removed")).isPresent();
        assertThat(unit()).doesNotExist();
    }

    @Test
    void givesTheUnitOfTheSystemBackAsItWas() throws Exception {
        Files.createFile(machine.root().resolve("active"));
        String running = UUID.randomUUID().toString();
        done(install(running));
        done(remove(running, "undo1"));
        assertThat(unit()).doesNotExist();
        assertThat(machine.root().resolve("active")).as("it ran").exists();
        assertThat(machine.root().resolve("enabled")).as("by hand").doesNotExist();

        Files.delete(machine.root().resolve("active"));
        Files.createFile(machine.root().resolve("enabled"));
        String enabled = UUID.randomUUID().toString();
        done(install(enabled));
        done(remove(enabled, "undo1"));
        assertThat(machine.root().resolve("active")).doesNotExist();
        assertThat(machine.root().resolve("enabled")).exists();
    }

    @Test
    void leavesAPackageThatSomebodyElseHadBrought() throws Exception {
        Path home = machine.root().resolve("opt/yagura-agent");
        done(install());
        // As unpacked by hand: no action knows of it.
        Files.move(home.resolve("before"), folder.resolve("forgotten"));
        Files.delete(home.resolve("by"));
        String action = UUID.randomUUID().toString();

        done(install(action));
        done(remove(action, "undo1"));

        assertThat(home.resolve("current/bin/yagura-agent")).isRegularFile();
    }

    @Test
    void refusesWhatIsWrongBeforeItTouchesAnything() throws Exception {
        TestPackage wanted = served;
        served = new TestPackage("6.6");
        assertRefused(install(wanted, UUID.randomUUID().toString()), "not " + wanted.sha256());
        served = wanted;
        token = "another";
        assertRefused(install(), "the agent cannot enrol: the token is not known");
        token = "";
        assertRefused(install(), "the enrolment token cannot be fetched: curl: (22)");
        Files.delete(machine.root().resolve("usr/bin/systemctl"));
        assertRefused(install(), "no systemd");
        assertThat(unit()).doesNotExist();
        assertThat(machine.root().resolve("opt/yagura-agent/current")).doesNotExist();
    }

    @Test
    void saysThatTheServiceDoesNotStart() throws Exception {
        Files.createFile(machine.root().resolve("broken"));

        HostMachine.Ended ended = install();

        assertThat(ended.exitCode()).isEqualTo(5);
        assertThat(ended.report().first("stopped")).isPresent();
    }

    @Test
    void goesOnAfterAnInterruption() throws Exception {
        String action = UUID.randomUUID().toString();
        String report = install(action).output();
        forget(action + ".apply");

        assertThat(install(action).output()).isEqualTo(report);
        done(remove(action, "undo1"));
        assertThat(unit()).as("the first look at what was there counts").doesNotExist();
    }

    private HostMachine.Ended install() throws Exception {
        return install(UUID.randomUUID().toString());
    }

    private HostMachine.Ended install(String action) throws Exception {
        return install(served, action);
    }

    private HostMachine.Ended install(TestPackage wanted, String action) throws Exception {
        String address = "http://127.0.0.1:" + s3.getAddress().getPort();
        String urls = "%s/package?%s\n%s/token?%s\n".formatted(address, SECRET, address, SECRET);
        HostMachine.Ended ended =
                machine.run(
                        HostDocument.INSTALL_AGENT,
                        action + ".apply",
                        Map.of(
                                "ActionId",
                                action,
                                "Sha256",
                                wanted.sha256(),
                                "Gateway",
                                "edr.example.com:7443",
                                "Fetch",
                                Base64.getEncoder()
                                        .encodeToString(urls.getBytes(StandardCharsets.UTF_8))));
        assertThat(ended.output() + ended.errors()).doesNotContain("c0ffee", TestPackage.TOKEN);
        return ended;
    }

    private HostMachine.Ended remove(String action, String step) throws Exception {
        return machine.run(
                HostDocument.REMOVE_AGENT, action + "." + step, Map.of("ActionId", action));
    }

    private static HostReport done(HostMachine.Ended ended) {
        assertThat(ended.exitCode()).as(ended.output() + ended.errors()).isZero();
        return ended.report();
    }

    private static void assertRefused(HostMachine.Ended ended, String reason) {
        assertThat(ended.exitCode()).isEqualTo(3);
        assertThat(ended.report().refusal().orElseThrow()).contains(reason);
    }

    /** As if the host had lost power before the report was written. */
    private void forget(String run) throws Exception {
        Files.delete(machine.run(run).resolve("report"));
        Files.writeString(machine.run(run).resolve("owner"), "999999999 1 another-boot\n");
    }

    private Path unit() {
        return machine.root().resolve("etc/systemd/system/yagura-agent.service");
    }

    private String systemctl() throws Exception {
        return Files.readString(machine.root().resolve("systemctl.log"));
    }
}
