package dev.yagura.response;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionState;
import dev.yagura.proto.response.v1.CheckOutcome;
import dev.yagura.proto.response.v1.PreflightCheck;

/** What became of an action, as tests of its kinds look at it. */
final class ActionOutcome {
    private ActionOutcome() {}

    static void assertState(Action action, ActionState state) {
        assertThat(action.getState()).as(action.getStateReason()).isEqualTo(state);
    }

    static void succeeded(Action action) {
        assertState(action, ActionState.ACTION_STATE_SUCCEEDED);
    }

    /** Where every call was answered well at its first try. */
    static void succeededAtOnce(Action action) {
        succeeded(action);
        assertThat(action.getCallsList()).allMatch(call -> call.getError().isEmpty());
    }

    /** The check of a plan that has this label. */
    static PreflightCheck check(Action action, String label) {
        return action.getPlan().getChecksList().stream()
                .filter(check -> check.getLabel().equals(label))
                .findFirst()
                .orElseThrow();
    }

    /** The same, of a plan that no check refuses. */
    static PreflightCheck checkOfAllowed(Action action, String label) {
        assertThat(action.getPlan().getChecksList())
                .noneMatch(check -> check.getOutcome() == CheckOutcome.CHECK_OUTCOME_REFUSED);
        return check(action, label);
    }
}
