package dev.yagura.response.aws;

import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.CallRecord;
import dev.yagura.proto.response.v1.PlannedCall;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** What an action did so far, by its own record: tells its changes from those of others. */
public final class CallHistory {
    private final Action action;

    public CallHistory(Action action) {
        this.action = action;
    }

    /** AWS said that it was done. */
    public boolean made(PlannedCall call) {
        return like(call).anyMatch(CallHistory::succeeded);
    }

    /**
     * It was tried. An error does not tell that it was not done: the SDK tries again by itself, and
     * a second EnterStandby is refused because the first, whose answer was lost, was done.
     */
    public boolean perhapsMade(PlannedCall call) {
        return like(call).findAny().isPresent();
    }

    public boolean made(String operation) {
        return of(operation).anyMatch(CallHistory::succeeded);
    }

    public boolean perhapsMade(String operation) {
        return of(operation).findAny().isPresent();
    }

    /** The same of the calls that have these parameters among theirs. */
    public boolean made(String operation, Map<String, String> some) {
        return having(operation, some).anyMatch(CallHistory::succeeded);
    }

    public boolean perhapsMade(String operation, Map<String, String> some) {
        return having(operation, some).findAny().isPresent();
    }

    /** Calls of an operation that have these parameters among theirs. */
    Stream<CallRecord> having(String operation, Map<String, String> some) {
        return of(operation)
                .filter(call -> call.getParametersMap().entrySet().containsAll(some.entrySet()));
    }

    private Stream<CallRecord> of(String operation) {
        return action.getCallsList().stream().filter(call -> call.getOperation().equals(operation));
    }

    private Stream<CallRecord> like(PlannedCall planned) {
        Predicate<CallRecord> same =
                call -> call.getParametersMap().equals(planned.getParametersMap());
        return of(planned.getOperation()).filter(same);
    }

    private static boolean succeeded(CallRecord call) {
        return call.hasEndTime() && call.getError().isEmpty();
    }
}
