package dev.yagura.response.isolation;

import dev.yagura.common.aws.Together;
import dev.yagura.proto.response.v1.PlannedCall;
import java.util.List;
import java.util.function.Supplier;

/**
 * A call of a plan, before EC2 was asked about it.
 *
 * @param before state of what it changes, for people
 * @param after likewise
 * @param dryRun asks
 */
public record Draft(Change change, String before, String after, Supplier<String> dryRun) {

    /** Of a call that EC2 is asked about as it is. */
    public static Draft asked(Cloud cloud, Change change, String before, String after) {
        return new Draft(change, before, after, () -> DryRun.of(cloud, change));
    }

    /** Asks about all of them at the same time. */
    public static List<PlannedCall> plan(List<Draft> drafts) {
        return Together.all(
                drafts.stream().<Supplier<PlannedCall>>map(each -> each::planned).toList());
    }

    private PlannedCall planned() {
        return change.shown(before, after, dryRun.get());
    }
}
