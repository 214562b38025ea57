package dev.yagura.response.isolation;

import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.CallRecord;
import dev.yagura.proto.response.v1.PlannedCall;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** What an action did so far, by its own record: tells its changes from those of others. */
final class CallHistory {
    private static final String NO_ANSWER = "no answer";

    private final Action action;

    CallHistory(Action action) {
        this.action = action;
    }

    /** AWS said that it was done. */
    boolean made(Change change) {
        return like(change.call()).anyMatch(CallHistory::succeeded);
    }

    /** AWS said that it was done, or said nothing. */
    boolean perhapsMade(Change change) {
        return like(change.call()).anyMatch(CallHistory::perhaps);
    }

    boolean made(String operation) {
        return of(operation).anyMatch(CallHistory::succeeded);
    }

    boolean perhapsMade(String operation) {
        return of(operation).anyMatch(CallHistory::perhaps);
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

    private static boolean perhaps(CallRecord call) {
        return call.getError().isEmpty() || call.getError().startsWith(NO_ANSWER);
    }
}
