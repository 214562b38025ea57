package dev.yagura.sigma.pack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.proto.detection.v1.Severity;
import dev.yagura.proto.telemetry.v1.Device;
import dev.yagura.proto.telemetry.v1.Event;
import dev.yagura.sigma.engine.EventMatcher;
import dev.yagura.sigma.engine.RuleMatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/** The project's own rules over the recorded attack and the recorded ordinary work. */
class RecordedScenarioTest {
    private static final Path SCENARIO = Path.of("../sandbox/scenario");
    private static final Device DEVICE = Device.newBuilder().setOs("linux").build();

    /** Context, not attack, or seen only by what follows it. */
    private static final Set<String> NOT_EXPECTED =
            Set.of(
                    "web service starts",
                    "intruder connects to the web service",
                    // Nothing tells it from the program's own download until the file appears.
                    "connection of the download");

    private record Step(String name, String serial) {}

    private final EventMatcher matcher = OwnRules.matcher();

    @Test
    void everyStepOfTheAttackIsSeen() throws IOException {
        Map<String, List<RuleMatch>> bySerial = matches("audit.log");
        List<String> missed = new ArrayList<>();
        for (Step step : steps()) {
            if (!bySerial.containsKey(step.serial()) && !NOT_EXPECTED.contains(step.name())) {
                missed.add(step.name());
            }
        }
        assertThat(missed).isEmpty();
    }

    @Test
    void theTheftOfCredentialsIsCritical() throws IOException {
        String serial =
                steps().stream()
                        .filter(step -> step.name().equals("credentials of the instance role"))
                        .findFirst()
                        .orElseThrow()
                        .serial();
        assertThat(matches("audit.log").getOrDefault(serial, List.of()))
                .extracting(RuleMatch::severity)
                .contains(Severity.SEVERITY_CRITICAL);
    }

    /** Users 33 and 0 after the break-in are the intruder's; deploy's work is ordinary. */
    @Test
    void ordinaryWorkOnTheAttackedHostRaisesNothingHigh() throws IOException {
        assertThat(high("audit.log"))
                .isNotEmpty()
                .allSatisfy(title ->
                        assertThat(title)
                                .doesNotContain(" uid 1001")
                                .doesNotContain("logrotate")
                                .doesNotContain("sshd"));
    }

    @Test
    void ordinaryWorkRaisesNothingHigh() throws IOException {
        assertThat(high("audit-benign.log")).isEmpty();
    }

    private List<String> high(String log) throws IOException {
        List<String> found = new ArrayList<>();
        for (Event event : AuditRecording.read(SCENARIO.resolve(log))) {
            for (RuleMatch match : matcher.match(DEVICE, event)) {
                if (match.severity().getNumber() >= Severity.SEVERITY_HIGH_VALUE) {
                    found.add(
                            match.rule().getTitle()
                                    + ": "
                                    + event.getProcess().getCmdLine()
                                    + event.getActor().getCmdLine()
                                    + " uid "
                                    + event.getProcess().getUser().getUid()
                                    + event.getActor().getUser().getUid());
                }
            }
        }
        return found;
    }

    private Map<String, List<RuleMatch>> matches(String log) throws IOException {
        Map<String, List<RuleMatch>> bySerial = new TreeMap<>();
        for (Event event : AuditRecording.read(SCENARIO.resolve(log))) {
            List<RuleMatch> matches = matcher.match(DEVICE, event);
            if (!matches.isEmpty()) {
                bySerial.put(event.getSourceRecordId(), matches);
            }
        }
        return bySerial;
    }

    private static List<Step> steps() throws IOException {
        Map<?, ?> expected = new Yaml().load(Files.readString(SCENARIO.resolve("expected.yaml")));
        List<Step> steps = new ArrayList<>();
        for (Object each : (List<?>) Objects.requireNonNull(expected.get("steps"))) {
            Map<?, ?> step = (Map<?, ?>) each;
            steps.add(
                    new Step(String.valueOf(step.get("name")), String.valueOf(step.get("serial"))));
        }
        return steps;
    }
}
