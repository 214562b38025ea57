package dev.yagura.sigma.engine;

import dev.yagura.proto.telemetry.v1.Device;
import dev.yagura.proto.telemetry.v1.Event;
import dev.yagura.sigma.SigmaRule;
import dev.yagura.sigma.taxonomy.EventKind;
import dev.yagura.sigma.taxonomy.EventSource;
import dev.yagura.sigma.taxonomy.SensorEvent;
import dev.yagura.sigma.taxonomy.Taxonomy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Every rule of an event's log sources, one after the other: what an engine does that knows log
 * sources and no more.
 */
public final class PlainRules {
    private final List<Plain> rules = new ArrayList<>();
    private final Map<EventKind, List<Plain>> byKind = new HashMap<>();

    /** One rule on one of its sources. */
    private record Plain(String id, EventSource source, ReferenceInterpreter interpreter) {}

    /** Prepares the rules. */
    public PlainRules(Collection<SigmaRule> sigmaRules) {
        for (SigmaRule rule : sigmaRules) {
            for (EventSource source : Taxonomy.sources(rule.logSource())) {
                rules.add(new Plain(rule.id(), source, new ReferenceInterpreter(rule)));
            }
        }
    }

    /** Ids of the rules that the event meets. */
    public SortedSet<String> match(Device device, Event event) {
        Map<EventSource, List<FieldValues>> views = new LinkedHashMap<>();
        SortedSet<String> matched = new TreeSet<>();
        for (Plain rule :
                byKind.computeIfAbsent(EventKind.of(device, SensorEvent.of(event)), this::of)) {
            List<FieldValues> seen =
                    views.computeIfAbsent(rule.source(), source -> FieldValues.of(source, event));
            if (rule.interpreter().matches(seen)) {
                matched.add(rule.id());
            }
        }
        return matched;
    }

    private List<Plain> of(EventKind kind) {
        return rules.stream().filter(rule -> rule.source().accepts(kind)).toList();
    }
}
