package dev.yagura.response.lifecycle;

import dev.yagura.proto.response.v1.ActionState;
import dev.yagura.proto.response.v1.VerificationLevel;
import dev.yagura.response.action.ActionFailedException;
import dev.yagura.response.action.ActionRun;
import dev.yagura.response.action.StillPendingException;
import dev.yagura.response.aws.AwsErrors;
import dev.yagura.response.aws.CallHistory;
import dev.yagura.response.aws.SavedTime;
import dev.yagura.response.isolation.Change;
import dev.yagura.response.isolation.Cloud;
import dev.yagura.response.isolation.ServiceMembership;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.ec2.model.Ec2Exception;

/**
 * Undoes a stop: starts the instance if this action stopped it, and puts it back into its Auto
 * Scaling group if this action took it out.
 */
final class InstanceStart {
    /** There may be some later. */
    private static final String NO_CAPACITY = "InsufficientInstanceCapacity";

    private static final int MOST_STARTS = 5;

    private final Cloud cloud;
    private final LifecycleReader reader;
    private final LifecycleContext context;
    private final ActionRun run;
    private final CallHistory before;
    private final String instanceId;
    private final Change stop;
    private final Change start;

    InstanceStart(LifecycleContext context, ActionRun run) {
        this.context = context;
        this.cloud = context.cloud(run.action().getTarget());
        this.reader = new LifecycleReader(cloud);
        this.run = run;
        this.before = new CallHistory(run.action());
        this.instanceId = run.action().getTarget().getInstanceId();
        this.stop = PowerChanges.stop(instanceId);
        this.start = PowerChanges.start(instanceId);
    }

    void undo() {
        if (!run.action().hasPowerState()) {
            passed("nothing was changed");
            return;
        }
        Optional<InstanceFacts> found =
                reader.instance(instanceId).filter(each -> !each.live().isGone());
        if (found.isEmpty()) {
            run.drift(List.of(instanceId + " is terminated: nothing of it is left to restore"));
            passed(instanceId + " is terminated");
            return;
        }
        new StopProtection(cloud, run).setAgain(ServiceMembership.read(cloud, found.get().live()));
        String state = found.get().state();
        if (before.perhapsMade(stop.call())) {
            start(state);
        } else if (!state.equals("running")) {
            run.drift(List.of(instanceId + " is " + state + " by somebody else; left so"));
        }
        InstanceFacts now = reader.instance(instanceId).orElse(found.get());
        String back = ServiceMembership.read(cloud, now.live()).comeBack(run, context.poll());
        verify(now, back);
    }

    private void start(String state) {
        switch (state) {
            case "running" -> {
                if (before.made(stop.call()) && !before.perhapsMade(start.call())) {
                    run.drift(List.of(instanceId + " was started by somebody else"));
                }
            }
            case "stopped" -> {
                if (starts() >= MOST_STARTS) {
                    throw new ActionFailedException(
                            instanceId
                                    + " is stopped again after each start; EC2 says why in its state"
                                    + " transition reason: a key of its volumes that may not be"
                                    + " used, for example");
                }
                send();
                throw new StillPendingException(instanceId + " starts", context.poll());
            }
            default -> throw new StillPendingException(instanceId + " is " + state, context.poll());
        }
    }

    /** EC2's answers, and what it shows, may be old; it may also not be able to. */
    private long starts() {
        Instant since =
                run.action().getTransitionsList().stream()
                        .filter(each -> each.getTo() == ActionState.ACTION_STATE_UNDOING)
                        .map(each -> SavedTime.read(each.getTime()))
                        .reduce((first, last) -> last)
                        .orElse(Instant.EPOCH);
        return run.action().getCallsList().stream()
                .filter(call -> call.getOperation().equals(start.call().getOperation()))
                .filter(call -> call.getError().isEmpty())
                .filter(call -> !SavedTime.read(call.getStartTime()).isBefore(since))
                .count();
    }

    private void send() {
        try {
            run.call(start.call(), () -> start.send(cloud));
        } catch (Ec2Exception e) {
            if (AwsErrors.code(e).equals(NO_CAPACITY)) {
                throw new StillPendingException(AwsErrors.text(e), context.poll());
            }
            throw e;
        }
    }

    private void verify(InstanceFacts now, String back) {
        List<String> was = run.action().getPowerState().getPublicAddressesList();
        String addresses =
                was.equals(now.publicAddresses())
                        ? ""
                        : "; public addresses " + now.publicAddresses() + " instead of " + was;
        String detail =
                "%s is %s%s%s"
                        .formatted(
                                instanceId,
                                now.state(),
                                addresses,
                                back.isEmpty() ? "" : "; " + back);
        if (before.perhapsMade(stop.call()) && !now.live().isRunning()) {
            run.verified(VerificationLevel.VERIFICATION_LEVEL_CONFIG_READ, false, detail);
            throw new ActionFailedException(
                    detail + ": somebody stopped it again; start it, then undo again");
        }
        passed(detail);
    }

    private void passed(String detail) {
        run.verified(VerificationLevel.VERIFICATION_LEVEL_CONFIG_READ, true, detail);
    }
}
