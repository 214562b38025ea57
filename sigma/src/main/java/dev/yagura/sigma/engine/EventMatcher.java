package dev.yagura.sigma.engine;

import dev.yagura.proto.telemetry.v1.Device;
import dev.yagura.proto.telemetry.v1.Event;
import dev.yagura.sigma.taxonomy.SensorEvent;
import java.util.List;

/** The rules in force, compiled. Immutable, used by any number of threads. */
public interface EventMatcher {

    /** Number of the rule set: the same for the same content, another after a change. */
    long ruleSetVersion();

    /**
     * Rules that the event meets, in order of rule id; empty, and nothing allocated, for most.
     *
     * @param device the host that the event is about
     */
    List<RuleMatch> match(Device device, SensorEvent event);

    /** The same, of an event that is decoded. */
    default List<RuleMatch> match(Device device, Event event) {
        return match(device, SensorEvent.of(event));
    }
}
