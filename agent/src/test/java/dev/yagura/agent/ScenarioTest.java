package dev.yagura.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.agent.event.AgentCounters;
import dev.yagura.agent.event.BadLineReport;
import dev.yagura.agent.event.Problems;
import dev.yagura.proto.telemetry.v1.Event;
import dev.yagura.proto.telemetry.v1.Process;
import dev.yagura.telemetry.event.EventClass;
import java.io.IOException;
import java.io.Reader;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.yaml.snakeyaml.Yaml;

/** The recorded attack, mapped; every step of expected.yaml must be there. */
class ScenarioTest {
    private static final Path SCENARIO = Path.of("..", "sandbox", "scenario");
    private static final Path RECORDINGS = Path.of("..", "..", "shared", "data", "telemetry");

    private final AgentCounters counters = new AgentCounters();
    private final Problems problems = new Problems();

    @TestFactory
    Stream<DynamicTest> mapsEveryStepOfTheAttack() throws IOException {
        List<Event> events = events(SCENARIO.resolve("audit.log"));
        return steps().stream()
                .map(step ->
                        DynamicTest.dynamicTest(
                                step.text("serial") + " " + step.text("name"),
                                () -> check(step, events)));
    }

    @Test
    void understandsEveryLine() throws IOException {
        assertThat(events(SCENARIO.resolve("audit.log"))).hasSizeGreaterThan(240);
        assertThat(events(SCENARIO.resolve("audit-benign.log"))).hasSizeGreaterThan(200);
        assertThat(counters.badLines()).isZero();
        assertThat(problems.current()).isEmpty();
    }

    @Test
    void tracesThePayloadToTheWebService() throws IOException {
        Map<String, Process> byUid = launched(events(SCENARIO.resolve("audit.log")));
        Process beacon =
                byUid.values().stream()
                        .filter(process -> process.getPid() == 20855)
                        .findFirst()
                        .orElseThrow();

        List<String> ancestors = new ArrayList<>();
        for (Process at = beacon; at != null; at = byUid.get(at.getParentUid())) {
            ancestors.add(at.getCmdLine());
        }

        assertThat(ancestors)
                .startsWith("/bin/bash /tmp/.sysupd")
                .contains("/usr/bin/python3 /srv/shop/app.py");
    }

    @Test
    void givesTheSameProcessIdsToEachReplay() throws IOException {
        List<String> first =
                launched(events(SCENARIO.resolve("audit.log"))).keySet().stream().sorted().toList();
        List<String> second =
                launched(events(SCENARIO.resolve("audit.log"))).keySet().stream().sorted().toList();
        assertThat(second).isEqualTo(first);
    }

    @Test
    void joinsLongArgumentsOfSeveralRecords() throws IOException {
        Event post =
                events(SCENARIO.resolve("audit.log")).stream()
                        .filter(event -> event.getSourceRecordId().equals("958"))
                        .findFirst()
                        .orElseThrow();
        assertThat(post.getProcess().getArgsCount()).isEqualTo(9);
        assertThat(post.getProcess().getArgs(7))
                .hasSize(11_250)
                .startsWith("[{\"sku\": \"A-0000\"")
                .endsWith("]");
    }

    @Test
    void mapsARecordingOfAuoms() throws IOException {
        Path recording =
                RECORDINGS.resolve(
                        "compound__Log4Shell__syslog_auoms_auditd_log4shell_cve2021_44228_jndi_reference.jsonl.gz");
        Assumptions.assumeTrue(Files.exists(recording), "no recordings in " + RECORDINGS);

        List<Event> events = events(recording);

        assertThat(counters.badLines()).isZero();
        assertThat(events)
                .anySatisfy(event -> {
                    assertThat(event.getClassUid()).isEqualTo(EventClass.PROCESS);
                    assertThat(event.getProcess().getPath()).isEqualTo("/bin/bash");
                    assertThat(event.getProcess().getCmdLine())
                            .startsWith("bash -c {echo,YmFzaCAt");
                    assertThat(event.getProcess().getUser().getName()).isEqualTo("tomcat");
                    assertThat(event.getRawRecordsList())
                            .anySatisfy(record -> {
                                assertThat(record.getType()).isEqualTo("EXECVE");
                                assertThat(record.getFieldsMap())
                                        .containsEntry("a0", "bash")
                                        .containsEntry("a1", "-c");
                            });
                });
    }

    private static void check(Step step, List<Event> events) {
        Event event =
                events.stream()
                        .filter(candidate ->
                                candidate.getSourceRecordId().equals(step.text("serial")))
                        .findFirst()
                        .orElseThrow();
        assertThat(event.getTimeNs())
                .isEqualTo(new BigDecimal(step.text("time")).movePointRight(9).longValueExact());
        Process process = event.hasProcess() ? event.getProcess() : event.getActor();
        assertThat(process.getPid()).isEqualTo(step.number("pid"));
        assertThat(process.getPath()).isEqualTo(step.text("exe"));
        assertThat(process.getCmdLine()).isEqualTo(step.text("command_line"));
        assertThat(process.getUser().getUid()).isEqualTo(step.text("uid"));
        assertThat(process.getParentPid()).isEqualTo(firstParent(step, events));
        assertThat(event.getUnmappedMap()).containsEntry("key", step.text("key"));
        assertThat(event.getRawRecordsList()).extracting("type").contains("SYSCALL", "PROCTITLE");
        switch (step.text("key")) {
            case "exec" -> {
                assertThat(event.getClassUid()).isEqualTo(EventClass.PROCESS);
                assertThat(event.getActivityId()).isEqualTo(EventClass.PROCESS_LAUNCH);
                assertThat(event.getActor().getUid()).isEqualTo(process.getParentUid());
                assertThat(String.join(" ", process.getArgsList()))
                        .isEqualTo(step.text("command_line"));
            }
            case "net_connect" -> {
                assertThat(event.getClassUid()).isEqualTo(EventClass.NETWORK);
                assertThat(event.getConnection().getInitiated()).isTrue();
                assertThat(event.getDstEndpoint().getIp() + ":" + event.getDstEndpoint().getPort())
                        .isEqualTo(step.text("address"));
            }
            case "net_accept" -> {
                assertThat(event.getClassUid()).isEqualTo(EventClass.NETWORK);
                assertThat(event.getConnection().getInitiated()).isFalse();
                assertThat(event.getSrcEndpoint().getIp() + ":" + event.getSrcEndpoint().getPort())
                        .isEqualTo(step.text("address"));
            }
            default -> {
                assertThat(event.getClassUid()).isEqualTo(EventClass.FILE);
                assertThat(event.getActivityId())
                        .isEqualTo(
                                step.text("name").contains("deleted")
                                        ? EventClass.FILE_DELETE
                                        : EventClass.FILE_CREATE);
                assertThat(event.getFile().getPath()).isEqualTo(step.text("path"));
            }
        }
    }

    /** The expectation has the parent of the moment; the first one stays. */
    private static int firstParent(Step step, List<Event> events) {
        return events.stream()
                .filter(event -> event.getProcess().getPid() == step.number("pid"))
                .map(event -> event.getProcess().getParentPid())
                .findFirst()
                .orElse(step.number("ppid"));
    }

    private static Map<String, Process> launched(List<Event> events) {
        Map<String, Process> byUid = new HashMap<>();
        events.stream()
                .filter(Event::hasProcess)
                .forEach(event -> byUid.put(event.getProcess().getUid(), event.getProcess()));
        return byUid;
    }

    private List<Event> events(Path file) throws IOException {
        List<Event> events = new ArrayList<>();
        ReplayFile.detect(file)
                .read(
                        Clock.systemUTC(),
                        new BadLineReport("test", counters, problems),
                        events::add);
        return events;
    }

    private static List<Step> steps() throws IOException {
        try (Reader reader = Files.newBufferedReader(SCENARIO.resolve("expected.yaml"))) {
            Map<String, List<Map<String, Object>>> root =
                    new Yaml().load(reader.readAllAsString().replaceFirst("host: .*", ""));
            return root.values().iterator().next().stream().map(Step::new).toList();
        }
    }

    private record Step(Map<String, Object> values) {
        String text(String name) {
            return String.valueOf(values.get(name));
        }

        int number(String name) {
            return Integer.parseInt(text(name));
        }
    }
}
