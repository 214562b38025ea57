package dev.yagura.response.action;

import dev.yagura.common.error.PreconditionFailedException;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.CheckOutcome;
import dev.yagura.proto.response.v1.PreflightCheck;
import java.util.Optional;

/** That no other action holds what a new one will. */
final class Holds {
    private static final String LABEL = "no other action holds it";

    private final ActionStore store;
    private final Procedures procedures;

    Holds(ActionStore store, Procedures procedures) {
        this.store = store;
        this.procedures = procedures;
    }

    PreflightCheck check(ActionKind kind, HoldSubject subject) {
        PreflightCheck.Builder check = PreflightCheck.newBuilder().setLabel(LABEL);
        Optional<String> holder = store.holder(subject);
        if (holder.isEmpty()) {
            return check.setOutcome(CheckOutcome.CHECK_OUTCOME_PASSED).build();
        }
        boolean untilUndone = procedures.of(kind).holdsUntilUndone();
        return check.setOutcome(CheckOutcome.CHECK_OUTCOME_REFUSED)
                .setDetail(
                        holder.get()
                                + (untilUndone
                                        ? " does the same to it; the two would undo each other"
                                                + " wrongly"
                                        : " is doing the same to it"))
                .setRemedy(
                        untilUndone
                                ? "undo " + holder.get() + " first"
                                : "wait until " + holder.get() + " has ended")
                .build();
    }

    PreconditionFailedException refusal(ActionKind kind, HoldSubject subject) {
        PreflightCheck check = check(kind, subject);
        return new PreconditionFailedException(
                check.getLabel(), check.getDetail() + "; " + check.getRemedy());
    }
}
