package dev.yagura.inventory.posture;

import dev.yagura.inventory.reconcile.ManagedNode;
import dev.yagura.inventory.reconcile.PatchKnowledge;
import dev.yagura.inventory.reconcile.PatchState;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Patch Manager looked lately, and nothing critical and no security patch is missing. */
final class PatchCheck implements HostCheck {
    private static final String MANAGE =
            "let Systems Manager manage it: ./yagura coverage says what is missing";

    @Override
    public String id() {
        return "patched";
    }

    @Override
    public boolean concerns(HostFacts facts) {
        return facts.isInstance();
    }

    @Override
    public CheckResult of(HostFacts facts) {
        PatchKnowledge known = facts.patches();
        @Nullable ManagedNode node = facts.node();
        if (node == null || !node.isManaged()) {
            return CheckResult.unknown("Systems Manager does not manage it", MANAGE, null);
        }
        @Nullable Instant read = known.observedTime();
        if (read == null || facts.readings().isStale(read)) {
            String failure = known.failure().isEmpty() ? "" : ": " + known.failure();
            return CheckResult.unknown(
                    (read == null
                                    ? "patch states were never read"
                                    : "patch states were last read at " + read)
                            + failure,
                    "let the role of svc-inventory call ssm:DescribeInstancePatchStates;"
                            + " ./yagura logs inventory",
                    read);
        }
        @Nullable PatchState state = known.state();
        @Nullable Instant end = state == null ? null : state.endTime();
        if (state == null || end == null) {
            return CheckResult.unknown(
                    "Patch Manager has never looked at it", run(facts, "Scan"), null);
        }
        if (end.isBefore(facts.readings().now().minus(facts.config().patchAge()))) {
            return CheckResult.unknown(
                    "Patch Manager last looked at it at " + end, run(facts, "Scan"), end);
        }
        if (state.critical() > 0 || state.security() > 0) {
            return CheckResult.fail(counts(state, end), run(facts, "Install"), end);
        }
        return state.isTold()
                ? CheckResult.pass(counts(state, end), end)
                : CheckResult.unknown(counts(state, end), run(facts, "Scan"), end);
    }

    private static String counts(PatchState state, Instant end) {
        return ("%s critical and %s security patches are not in place; of all kinds %d are missing,"
                        + " %d failed, %d wait for a reboot (%s of %s that ended at %s)")
                .formatted(
                        told(state.critical()),
                        told(state.security()),
                        state.missing(),
                        state.failed(),
                        state.pendingReboot(),
                        state.operation(),
                        state.baselineId(),
                        end);
    }

    private static String told(int count) {
        return count < 0 ? "an untold number of" : Integer.toString(count);
    }

    private static String run(HostFacts facts, String operation) {
        return "aws ssm send-command --document-name AWS-RunPatchBaseline --parameters Operation="
                + operation
                + " --instance-ids "
                + facts.host().nativeId()
                + (operation.equals("Install") ? " (it starts again where a patch needs it)" : "");
    }
}
