package dev.yagura.response.action;

import com.google.protobuf.Timestamp;
import dev.yagura.common.aws.Together;
import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionState;
import dev.yagura.proto.response.v1.CallRecord;
import dev.yagura.proto.response.v1.HostCommand;
import dev.yagura.proto.response.v1.InstanceState;
import dev.yagura.proto.response.v1.InterfaceState;
import dev.yagura.proto.response.v1.Plan;
import dev.yagura.proto.response.v1.PlannedCall;
import dev.yagura.proto.response.v1.Verification;
import dev.yagura.proto.response.v1.VerificationLevel;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.AwsResponse;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * One runner's work on one action. Everything is written before the next call, most of it with that
 * call's intent; a write of a runner that lost its lease throws, and so ends its work before its
 * next call.
 */
public final class ActionRun {
    private static final String NO_ANSWER =
            "no answer recorded: the process stopped here; the world was read again";

    /** Of an action in force that is done again and again. */
    private static final int MOST_CALLS = 500;

    /** Of what {@link #isDoneOften} ends. */
    public static final String LEFT =
            "; left so, since it was done again often: find out who changes it";

    private final RunStore store;
    private final Sections sections;
    private final RunStore.Lease lease;
    private final Duration extension;
    private final Clock clock;
    private final String lane;
    private final List<UnaryOperator<Action>> pending = new ArrayList<>();
    private Action action;

    ActionRun(
            RunStore store,
            Sections sections,
            RunStore.Lease lease,
            RunStore.Stored stored,
            Duration extension,
            Clock clock) {
        this.store = store;
        this.sections = sections;
        this.lease = lease;
        this.extension = extension;
        this.clock = clock;
        this.lane = stored.lane();
        this.action = stored.action();
    }

    /** As it was written last. */
    public Action action() {
        return action;
    }

    /** See {@link Procedure.Prospect}. */
    public String lane() {
        return lane;
    }

    /** What undo will restore, and the plan that is followed; written before the first call. */
    public void prepared(Plan plan, List<InterfaceState> interfaces, InstanceState instance) {
        later(each -> saving(each, interfaces, instance).setPlan(followed(each, plan)).build());
    }

    /** The same for what a kind saves in fields of its own. */
    public void prepared(Plan plan, UnaryOperator<Action.Builder> saving) {
        later(each -> saving.apply(each.toBuilder().setPlan(followed(each, plan))).build());
    }

    /** The inventory is not asked again: what depended on the target was told when it was asked. */
    private static Plan followed(Action action, Plan plan) {
        return action.getPlan().hasBlastRadius()
                ? plan.toBuilder().setBlastRadius(action.getPlan().getBlastRadius()).build()
                : plan;
    }

    /** The same later on; nothing is written where it says nothing new. */
    public void saved(UnaryOperator<Action.Builder> saving) {
        UnaryOperator<Action> change = each -> saving.apply(each.toBuilder()).build();
        if (!change.apply(action).equals(action)) {
            write(change);
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
        flush();
        store.extend(lease, extension);
    }

    /** Everything is done; what follows only reads. */
    public void verifying(String reason) {
        if (action.getState() == ActionState.ACTION_STATE_RUNNING) {
            later(moved(ActionState.ACTION_STATE_VERIFYING, reason));
        }
    }

    /** What passed is written with the end; what did not at once. */
    public void verified(VerificationLevel level, boolean passed, String detail) {
        Verification verification =
                Verification.newBuilder()
                        .setLevel(level)
                        .setPassed(passed)
                        .setDetail(detail)
                        .setTime(ActionLifecycle.timestamp(clock.instant()))
                        .build();
        later(each -> each.toBuilder().addVerifications(verification).build());
        if (!passed) {
            flush();
        }
    }

    /** Somebody who undoes it every few minutes is not overruled for ever. */
    public boolean isDoneOften() {
        return action.getCallsCount() >= MOST_CALLS;
    }

    /** What the watch found; kept as a verification when it says something new. */
    public void watched(VerificationLevel level, boolean passed, String detail) {
        Timestamp now = ActionLifecycle.timestamp(clock.instant());
        if (!isKnown(passed, detail)) {
            verified(level, passed, detail);
        }
        later(each -> each.toBuilder().setWatchTime(now).build());
    }

    /** The last that was said; of what did not pass, anything since it last passed. */
    private boolean isKnown(boolean passed, String detail) {
        for (Verification each : action.getVerificationsList().reversed()) {
            if (each.getPassed() == passed && each.getDetail().equals(detail)) {
                return true;
            }
            if (passed || each.getPassed()) {
                return false;
            }
        }
        return false;
    }

    /**
     * A call that changes the world.
     *
     * @param send throws what the SDK throws
     */
    public record Step(PlannedCall planned, Supplier<? extends AwsResponse> send) {}

    /**
     * Makes a call that changes the world: its intent is written first, its result with what comes
     * next. What it throws is written too, and thrown on.
     */
    public <T extends AwsResponse> T call(PlannedCall planned, Supplier<T> send) {
        return call(planned, send, response -> response.responseMetadata().requestId());
    }

    /**
     * The same for a service that is none of AWS's.
     *
     * @param requestId by which the service's own log names the request
     */
    public <T> T call(PlannedCall planned, Supplier<T> send, Function<T, String> requestId) {
        begin(List.of(planned));
        Outcome<T> outcome = Outcome.of(send, requestId, clock);
        end(List.of(outcome));
        return outcome.orElseThrow();
    }

    /**
     * The same for what is asked of others than AWS. What it throws is not written: the next runner
     * finds it begun, and asks how it is.
     */
    public void ask(PlannedCall planned, Runnable send) {
        begin(List.of(planned));
        send.run();
        Timestamp now = ActionLifecycle.timestamp(clock.instant());
        write(each -> {
            Action.Builder changed = each.toBuilder();
            changed.getCallsBuilder(changed.getCallsCount() - 1).setEndTime(now);
            return changed.build();
        });
    }

    /**
     * Makes calls that do not depend on each other at the same time: all intents are written first,
     * all results with what comes next. Throws what the first of them that failed threw, when all
     * have ended.
     */
    public void callAll(List<Step> steps) {
        if (steps.isEmpty()) {
            return;
        }
        begin(steps.stream().map(Step::planned).toList());
        List<Outcome<? extends AwsResponse>> outcomes =
                Together.all(
                        steps.stream()
                                .<Supplier<Outcome<? extends AwsResponse>>>map(
                                        step -> () -> outcome(step.send()))
                                .toList());
        end(outcomes);
        outcomes.forEach(Outcome::orElseThrow);
    }

    private <T extends AwsResponse> Outcome<T> outcome(Supplier<T> send) {
        return Outcome.of(send, response -> response.responseMetadata().requestId(), clock);
    }

    /**
     * Does what no other action may do meanwhile.
     *
     * @param section what is kept from the others, unique in the installation
     * @throws RetryLaterException others were busy with it for too long
     */
    public <T> T alone(String section, Supplier<T> work) {
        return sections.alone(section, lease, extension, work);
    }

    /** The same, without a result. */
    public void alone(String section, Runnable work) {
        alone(
                section,
                () -> {
                    work.run();
                    return section;
                });
    }

    /** Calls that a dead runner left open are closed: nobody knows their answers. */
    void closeOpenCalls() {
        if (action.getCallsList().stream().allMatch(CallRecord::hasEndTime)) {
            return;
        }
        Timestamp now = ActionLifecycle.timestamp(clock.instant());
        write(each -> {
            Action.Builder changed = each.toBuilder();
            changed.getCallsBuilderList().stream()
                    .filter(call -> !call.hasEndTime())
                    .forEach(call -> call.setEndTime(now).setError(NO_ANSWER));
            return changed.build();
        });
    }

    /** Begins; written with what comes next, before the first call. */
    void start() {
        later(moved(ActionState.ACTION_STATE_RUNNING, "started"));
    }

    /** Writes what is still to be written: before an effect on the world that is no call. */
    public void flush() {
        if (!pending.isEmpty()) {
            action = store.write(lease, extension, List.copyOf(pending));
            pending.clear();
        }
    }

    void finish(ActionState to, String reason, boolean holdsInstance) {
        later(moved(to, reason));
        store.finish(lease, holdsInstance, List.copyOf(pending));
        pending.clear();
    }

    private UnaryOperator<Action> moved(ActionState to, String reason) {
        Instant now = clock.instant();
        return each -> ActionLifecycle.move(each, to, reason, ActionLifecycle.PLATFORM, now);
    }

    private void begin(List<PlannedCall> planned) {
        Timestamp now = ActionLifecycle.timestamp(clock.instant());
        write(each ->
                each.toBuilder()
                        .addAllCalls(
                                planned.stream()
                                        .map(call ->
                                                CallRecord.newBuilder()
                                                        .setOperation(call.getOperation())
                                                        .putAllParameters(call.getParametersMap())
                                                        .setStartTime(now)
                                                        .setAttempt(attempts(call) + 1)
                                                        .build())
                                        .toList())
                        .build());
    }

    private int attempts(PlannedCall planned) {
        return (int)
                action.getCallsList().stream()
                        .filter(call -> call.getOperation().equals(planned.getOperation()))
                        .filter(call -> call.getParametersMap().equals(planned.getParametersMap()))
                        .count();
    }

    /** Of the calls that were begun last. */
    private void end(List<? extends Outcome<?>> outcomes) {
        later(each -> {
            Action.Builder changed = each.toBuilder();
            int first = changed.getCallsCount() - outcomes.size();
            for (int i = 0; i < outcomes.size(); i++) {
                changed.getCallsBuilder(first + i)
                        .setEndTime(ActionLifecycle.timestamp(outcomes.get(i).end()))
                        .setAwsRequestId(outcomes.get(i).requestId())
                        .setError(outcomes.get(i).error());
            }
            return changed.build();
        });
    }

    /** How a call ended: with a response, or with what the SDK threw. */
    private record Outcome<T>(
            @Nullable T response, String requestId, @Nullable SdkException failure, Instant end) {

        static <T> Outcome<T> of(Supplier<T> send, Function<T, String> requestId, Clock clock) {
            try {
                T response = send.get();
                return new Outcome<>(
                        response, known(requestId.apply(response)), null, clock.instant());
            } catch (AwsServiceException e) {
                return new Outcome<>(null, known(e.requestId()), e, clock.instant());
            } catch (SdkException e) {
                return new Outcome<>(null, "", e, clock.instant());
            }
        }

        private static String known(@Nullable String id) {
            return id == null ? "" : id;
        }

        String error() {
            return switch (failure) {
                case null -> "";
                case AwsServiceException answered -> String.valueOf(answered.getMessage());
                case SdkException silent -> "no answer: " + silent.getMessage();
            };
        }

        T orElseThrow() {
            if (failure != null) {
                throw failure;
            }
            return Objects.requireNonNull(response);
        }
    }

    /** Is so from now on, for this run; written with the next write. */
    private void later(UnaryOperator<Action> change) {
        action = change.apply(action);
        pending.add(change);
    }

    private void write(UnaryOperator<Action> change) {
        later(change);
        flush();
    }
}
