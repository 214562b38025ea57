package dev.yagura.response.action;

import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionState;
import dev.yagura.proto.response.v1.CallRecord;
import dev.yagura.proto.response.v1.CommandRun;
import dev.yagura.proto.response.v1.HostCommand;
import dev.yagura.proto.response.v1.InstanceState;
import dev.yagura.proto.response.v1.InterfaceState;
import dev.yagura.proto.response.v1.Plan;
import dev.yagura.proto.response.v1.PlannedCall;
import dev.yagura.proto.response.v1.RoleSessionState;
import dev.yagura.proto.response.v1.SnapshotSet;
import dev.yagura.proto.response.v1.Verification;
import dev.yagura.proto.response.v1.VerificationLevel;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.awscore.AwsResponse;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * One runner's work on one action. Everything is written before the next thing is done; a write of
 * a runner that lost its lease throws, and so ends its work before its next call.
 */
public final class ActionRun {
    private static final String NO_ANSWER =
            "no answer recorded: the process stopped here; the world was read again";

    private final ActionStore store;
    private final ActionStore.Lease lease;
    private final Duration extension;
    private final Clock clock;
    private final String vpcId;
    private Action action;

    ActionRun(
            ActionStore store,
            ActionStore.Lease lease,
            ActionStore.Stored stored,
            Duration extension,
            Clock clock) {
        this.store = store;
        this.lease = lease;
        this.extension = extension;
        this.clock = clock;
        this.vpcId = stored.vpcId();
        this.action = stored.action();
    }

    /** As it was written last. */
    public Action action() {
        return action;
    }

    public String vpcId() {
        return vpcId;
    }

    /** What undo will restore, and the plan that is followed; before anything is changed. */
    public void prepared(Plan plan, List<InterfaceState> interfaces, InstanceState instance) {
        write(each -> saving(each, interfaces, instance).setPlan(plan).build());
    }

    /** The same for an action on a role's sessions. */
    public void prepared(Plan plan, RoleSessionState saved) {
        write(each -> each.toBuilder().setPlan(plan).setRoleSessionState(saved).build());
    }

    /** How far an action on a role's sessions has come. */
    public void saved(RoleSessionState saved) {
        write(each -> each.toBuilder().setRoleSessionState(saved).build());
    }

    /** The same for snapshots, of which undo deletes those that are made. */
    public void prepared(Plan plan, SnapshotSet snapshots) {
        write(each -> each.toBuilder().setPlan(plan).setSnapshotSet(snapshots).build());
    }

    /** Which snapshots there are, and how far they are. */
    public void saved(SnapshotSet snapshots) {
        if (!snapshots.equals(action.getSnapshotSet())) {
            write(each -> each.toBuilder().setSnapshotSet(snapshots).build());
        }
    }

    /** The same for a command, before it is sent. */
    public void prepared(Plan plan, CommandRun command) {
        write(each -> each.toBuilder().setPlan(plan).setCommandRun(command).build());
    }

    /** What became of a command. */
    public void saved(CommandRun command) {
        if (!command.equals(action.getCommandRun())) {
            write(each -> each.toBuilder().setCommandRun(command).build());
        }
    }

    /** What is restored when it is not what was saved first. */
    public void saved(List<InterfaceState> interfaces, InstanceState instance) {
        write(each -> saving(each, interfaces, instance).build());
    }

    private static Action.Builder saving(
            Action action, List<InterfaceState> interfaces, InstanceState instance) {
        return action.toBuilder()
                .clearSavedState()
                .addAllSavedState(interfaces)
                .setSavedInstance(instance);
    }

    /** What others changed; each finding once. */
    public void drift(List<String> findings) {
        List<String> fresh =
                findings.stream().filter(each -> !action.getDriftList().contains(each)).toList();
        if (!fresh.isEmpty()) {
            write(each -> each.toBuilder().addAllDrift(fresh).build());
        }
    }

    /** A command that a host got, or what became of it. */
    public void commanded(HostCommand command) {
        write(each -> {
            Action.Builder changed = each.toBuilder();
            for (int i = 0; i < changed.getHostCommandsCount(); i++) {
                if (changed.getHostCommands(i).getRunId().equals(command.getRunId())) {
                    return changed.setHostCommands(i, command).build();
                }
            }
            return changed.addHostCommands(command).build();
        });
    }

    /** Still at work, with nothing new to write: nobody else takes the action meanwhile. */
    public void extend() {
        store.extend(lease, extension);
    }

    /** Everything is done; what follows only reads. */
    public void verifying(String reason) {
        if (action.getState() == ActionState.ACTION_STATE_RUNNING) {
            write(each ->
                    ActionLifecycle.move(
                            each,
                            ActionState.ACTION_STATE_VERIFYING,
                            reason,
                            ActionLifecycle.PLATFORM,
                            clock.instant()));
        }
    }

    public void verified(VerificationLevel level, boolean passed, String detail) {
        write(each ->
                each.toBuilder()
                        .addVerifications(
                                Verification.newBuilder()
                                        .setLevel(level)
                                        .setPassed(passed)
                                        .setDetail(detail)
                                        .setTime(ActionLifecycle.timestamp(clock.instant())))
                        .build());
    }

    /**
     * Makes a call that changes the world: its intent is written first, its result after. What it
     * throws is written too, and thrown on.
     */
    public <T extends AwsResponse> T call(PlannedCall planned, Supplier<T> send) {
        int attempt = attempts(planned) + 1;
        write(each ->
                each.toBuilder()
                        .addCalls(
                                CallRecord.newBuilder()
                                        .setOperation(planned.getOperation())
                                        .putAllParameters(planned.getParametersMap())
                                        .setStartTime(ActionLifecycle.timestamp(clock.instant()))
                                        .setAttempt(attempt))
                        .build());
        try {
            T response = send.get();
            answered(response.responseMetadata().requestId(), "");
            return response;
        } catch (AwsServiceException e) {
            answered(e.requestId() == null ? "" : e.requestId(), String.valueOf(e.getMessage()));
            throw e;
        } catch (SdkException e) {
            answered("", "no answer: " + e.getMessage());
            throw e;
        }
    }

    /** A call that a dead runner left open is closed: nobody knows its answer. */
    void closeOpenCall() {
        boolean open = action.getCallsCount() > 0 && !lastCall(action).hasEndTime();
        if (open) {
            answered("", NO_ANSWER);
        }
    }

    void move(ActionState to, String reason) {
        write(each ->
                ActionLifecycle.move(each, to, reason, ActionLifecycle.PLATFORM, clock.instant()));
    }

    void finish(ActionState to, String reason, boolean holdsInstance) {
        store.finish(
                lease,
                holdsInstance,
                each ->
                        ActionLifecycle.move(
                                each, to, reason, ActionLifecycle.PLATFORM, clock.instant()));
    }

    private int attempts(PlannedCall planned) {
        return (int)
                action.getCallsList().stream()
                        .filter(call -> call.getOperation().equals(planned.getOperation()))
                        .filter(call -> call.getParametersMap().equals(planned.getParametersMap()))
                        .count();
    }

    private void answered(String requestId, String error) {
        write(each -> {
            Action.Builder changed = each.toBuilder();
            changed.getCallsBuilder(changed.getCallsCount() - 1)
                    .setEndTime(ActionLifecycle.timestamp(clock.instant()))
                    .setAwsRequestId(requestId)
                    .setError(error);
            return changed.build();
        });
    }

    private static CallRecord lastCall(Action action) {
        return action.getCalls(action.getCallsCount() - 1);
    }

    private void write(UnaryOperator<Action> change) {
        action = store.write(lease, extension, change);
    }
}
