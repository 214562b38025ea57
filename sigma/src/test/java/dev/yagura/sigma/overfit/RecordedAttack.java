package dev.yagura.sigma.overfit;

import dev.yagura.proto.telemetry.v1.Device;
import dev.yagura.proto.telemetry.v1.Event;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.yaml.snakeyaml.Yaml;

/**
 * The project's recorded attack.
 *
 * @param steps of the intruder that an event tells; the context around them is not among them
 */
record RecordedAttack(Device device, List<Event> events, List<Step> steps) {
    private static final Path SCENARIO = Path.of("../sandbox/scenario");

    /** Nothing tells it from the program's own traffic until what follows. */
    private static final Set<String> NOT_TOLD =
            Set.of("intruder connects to the web service", "connection of the download");

    RecordedAttack {
        events = List.copyOf(events);
        steps = List.copyOf(steps);
    }

    /**
     * One step.
     *
     * @param recordId of its event
     */
    record Step(String name, String technique, String recordId) {}

    static RecordedAttack scenario() {
        List<Event> events =
                RecordedTelemetry.read(SCENARIO.resolve("audit.log"))
                        .orElseThrow(() -> new AssertionError("the recorded attack has no reader"));
        return new RecordedAttack(Device.newBuilder().setOs("linux").build(), events, readSteps());
    }

    private static List<Step> readSteps() {
        Map<?, ?> expected;
        try {
            expected = new Yaml().load(Files.readString(SCENARIO.resolve("expected.yaml")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        List<Step> steps = new ArrayList<>();
        for (Object each : (List<?>) Objects.requireNonNull(expected.get("steps"))) {
            Map<?, ?> step = (Map<?, ?>) each;
            String technique = String.valueOf(step.get("technique"));
            String name = String.valueOf(step.get("name"));
            if (!technique.equals("none") && !NOT_TOLD.contains(name)) {
                steps.add(new Step(name, technique, String.valueOf(step.get("serial"))));
            }
        }
        return steps;
    }

    Set<String> stepIds() {
        return steps.stream().map(Step::recordId).collect(Collectors.toSet());
    }
}
