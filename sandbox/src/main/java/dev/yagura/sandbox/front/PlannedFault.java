package dev.yagura.sandbox.front;

import dev.yagura.sandbox.wire.Parameters;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A fault and the calls that it hits.
 *
 * @param only account and region whose calls it hits; null if those of every one
 * @param operation for example {@code ec2:CreateSecurityGroup}, or {@code ec2:*}
 * @param when parameters that the call must have with these values
 * @param skip calls to let pass first
 * @param times calls to hit after that
 */
public record PlannedFault(
        @Nullable Place only,
        String operation,
        Map<String, String> when,
        int skip,
        int times,
        Fault fault) {
    public PlannedFault {
        when = Map.copyOf(when);
        if (skip < 0 || times < 1) {
            throw new IllegalArgumentException("skip must be 0 or more, times 1 or more");
        }
    }

    boolean concerns(Place place, String action, Parameters parameters) {
        boolean sameOperation =
                operation.endsWith("*")
                        ? action.startsWith(operation.substring(0, operation.length() - 1))
                        : action.equals(operation);
        return sameOperation
                && (only == null || only.equals(place))
                && parameters.asMap().entrySet().containsAll(when.entrySet());
    }

    PlannedFault skippedOne() {
        return new PlannedFault(only, operation, when, skip - 1, times, fault);
    }

    PlannedFault hitOne() {
        return new PlannedFault(only, operation, when, 0, times - 1, fault);
    }
}
