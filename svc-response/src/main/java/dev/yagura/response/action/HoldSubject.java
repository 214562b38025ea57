package dev.yagura.response.action;

import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.type.v1.Scope;

/**
 * What an action holds from its start until its undo, so that no other action that would undo it
 * wrongly starts meanwhile.
 *
 * @param scope of IAM the same whichever region it is reached through
 * @param text what of the instance: "ISOLATE_INSTANCE", as the subject column has it. A kind holds
 *     one thing of an instance; for one that can hold several, the digest of which one follows.
 */
record HoldSubject(Scope scope, String instanceId, String text) {
    private static final String KIND_PREFIX = "ACTION_KIND_";

    static HoldSubject of(Action action) {
        return of(action.getKind(), action.getTarget(), action.getIncident());
    }

    /** Of a kind that acts on its target alone, whatever the incident. */
    static HoldSubject of(ActionKind kind, ActionTarget target) {
        return of(kind, target, "");
    }

    static HoldSubject of(ActionKind kind, ActionTarget target, String incident) {
        return new HoldSubject(
                TargetDetail.scope(target),
                TargetDetail.instanceId(target),
                ofWhole(kind)
                        + digest(target.hasFindings() ? incident : TargetDetail.held(target)));
    }

    /** Text of a kind that holds one thing of an instance. */
    static String ofWhole(ActionKind kind) {
        return kind.name().substring(KIND_PREFIX.length());
    }

    /** A path may be longer than an index has room for. */
    private static String digest(String detail) {
        return detail.isEmpty() ? "" : " " + ContentDigest.of(detail);
    }
}
