package dev.yagura.sigma.overfit;

import dev.yagura.proto.detection.v1.Severity;
import dev.yagura.proto.telemetry.v1.Event;
import dev.yagura.sigma.engine.EventMatcher;
import dev.yagura.sigma.engine.RuleMatch;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** How many of the steps are still alerted when the recording is varied. */
final class Recall {
    private final RecordedAttack attack;
    private final EventMatcher matcher;

    /**
     * Of one step and variation.
     *
     * @param tried seeds in which the step looked different
     * @param seen of those, with an alert
     * @param high of those, with an alert of level high or above
     * @param missed an example of what was not seen; empty when all were
     */
    record Cell(int tried, int seen, int high, String missed) {
        static final Cell NONE = new Cell(0, 0, 0, "");

        Cell plus(List<RuleMatch> matches, String line) {
            boolean found = !matches.isEmpty();
            boolean isHigh =
                    matches.stream()
                            .anyMatch(match ->
                                    match.severity().compareTo(Severity.SEVERITY_HIGH) >= 0);
            return new Cell(
                    tried + 1,
                    seen + (found ? 1 : 0),
                    high + (isHigh ? 1 : 0),
                    found || !missed.isEmpty() ? missed : line);
        }

        Cell plus(Cell other) {
            return new Cell(
                    tried + other.tried,
                    seen + other.seen,
                    high + other.high,
                    missed + other.missed);
        }
    }

    Recall(RecordedAttack attack, EventMatcher matcher) {
        this.attack = attack;
        this.matcher = matcher;
    }

    /** Step to cell; a step that the variation never changes is not in it. */
    Map<RecordedAttack.Step, Cell> of(Variation variation, List<Long> seeds) {
        Map<RecordedAttack.Step, Cell> cells = new LinkedHashMap<>();
        for (long seed : seeds) {
            List<Event> varied =
                    VariedEvents.of(
                            attack.events(),
                            attack.stepIds(),
                            variation,
                            new SplittableRandom(seed));
            for (int i = 0; i < varied.size(); i++) {
                Event event = varied.get(i);
                if (event.equals(attack.events().get(i))) {
                    continue;
                }
                List<RuleMatch> matches = matcher.match(attack.device(), event);
                attack.steps().stream()
                        .filter(step -> step.recordId().equals(event.getSourceRecordId()))
                        .forEach(step ->
                                cells.put(
                                        step,
                                        cells.getOrDefault(step, Cell.NONE)
                                                .plus(matches, line(event))));
            }
        }
        return cells;
    }

    /** Rules that alert each step of the recording as it is. */
    Map<RecordedAttack.Step, List<RuleMatch>> unvaried() {
        Map<String, List<RuleMatch>> byId = new HashMap<>();
        for (Event event : attack.events()) {
            byId.computeIfAbsent(event.getSourceRecordId(), id -> new ArrayList<>())
                    .addAll(matcher.match(attack.device(), event));
        }
        Map<RecordedAttack.Step, List<RuleMatch>> found = new LinkedHashMap<>();
        attack.steps()
                .forEach(step -> found.put(step, byId.getOrDefault(step.recordId(), List.of())));
        return found;
    }

    private static String line(Event event) {
        return event.hasProcess()
                ? event.getProcess().getPath() + ": " + event.getProcess().getCmdLine()
                : event.getActor().getPath()
                        + ": "
                        + event.getActor().getCmdLine()
                        + " → "
                        + event.getFile().getPath()
                        + event.getDstEndpoint().getIp();
    }
}
