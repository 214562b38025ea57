package dev.yagura.response.isolation;

import com.google.protobuf.Timestamp;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.Plan;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a plan was made from, for the run that follows within the second. Whoever takes it still
 * reads what it will change.
 */
final class RecentSurveys {
    private static final Duration FRESH = Duration.ofSeconds(1);
    private static final int KEPT = 64;

    private final Clock clock;
    private final Map<Key, Survey> surveys =
            new LinkedHashMap<>() {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<Key, Survey> eldest) {
                    return size() > KEPT;
                }
            };

    private record Key(ActionTarget target, Timestamp planned) {}

    RecentSurveys(Clock clock) {
        this.clock = clock;
    }

    synchronized void keep(ActionTarget target, Plan plan, Survey survey) {
        surveys.put(new Key(target, plan.getCreateTime()), survey);
    }

    /** Takes it away; empty when it is not of this plan, or old. */
    synchronized Optional<Survey> take(ActionTarget target, Plan plan) {
        Optional<Survey> survey =
                Optional.ofNullable(surveys.remove(new Key(target, plan.getCreateTime())));
        Instant planned =
                Instant.ofEpochSecond(
                        plan.getCreateTime().getSeconds(), plan.getCreateTime().getNanos());
        return survey.filter(each -> clock.instant().isBefore(planned.plus(FRESH)));
    }
}
