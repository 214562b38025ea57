package dev.yagura.response.evidence;

import com.google.protobuf.Descriptors.FieldDescriptor;
import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionState;
import dev.yagura.proto.response.v1.CallRecord;
import dev.yagura.proto.response.v1.EvidenceEntry;
import dev.yagura.proto.response.v1.EvidenceEvent;
import dev.yagura.proto.response.v1.StateTransition;
import dev.yagura.proto.response.v1.Verification;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What one write of an action changed, by comparing every field of the contract: a field that is
 * added to Action is in the proof without a line here.
 */
final class ActionChanges {
    /**
     * The store's own: each write has another one, and an entry's time says the same. So has the
     * watch, which is in the proof when it finds something new.
     */
    private static final Set<Integer> BOOKKEEPING =
            Set.of(
                    Action.ETAG_FIELD_NUMBER,
                    Action.UPDATE_TIME_FIELD_NUMBER,
                    Action.WATCH_TIME_FIELD_NUMBER);

    /** Lists that grow, and whose elements are completed: an entry for each element. */
    private static final Set<Integer> STORIES =
            Set.of(
                    Action.CALLS_FIELD_NUMBER,
                    Action.VERIFICATIONS_FIELD_NUMBER,
                    Action.DRIFT_FIELD_NUMBER,
                    Action.TRANSITIONS_FIELD_NUMBER);

    /** What undo will restore. */
    private static final Set<Integer> SAVED =
            Set.of(
                    Action.SAVED_STATE_FIELD_NUMBER,
                    Action.SAVED_INSTANCE_FIELD_NUMBER,
                    Action.ROLE_SESSION_STATE_FIELD_NUMBER,
                    Action.ACCESS_KEY_STATE_FIELD_NUMBER,
                    Action.ACCESS_KEY_STATES_FIELD_NUMBER,
                    Action.PRINCIPAL_DENY_STATE_FIELD_NUMBER,
                    Action.POWER_STATE_FIELD_NUMBER,
                    Action.PROFILE_STATE_FIELD_NUMBER,
                    Action.FUNCTION_STATE_FIELD_NUMBER,
                    Action.TASK_STATE_FIELD_NUMBER,
                    Action.BLOCK_STATE_FIELD_NUMBER,
                    Action.VOLUME_SWAP_STATE_FIELD_NUMBER,
                    Action.FINDINGS_STATE_FIELD_NUMBER,
                    Action.POD_STATE_FIELD_NUMBER);

    private static final Set<Integer> STATE =
            Set.of(Action.STATE_FIELD_NUMBER, Action.STATE_REASON_FIELD_NUMBER);

    private final Action before;
    private final Action after;
    private final List<EvidenceEntry> steps = new ArrayList<>();
    private final List<EvidenceEntry> transitions = new ArrayList<>();
    private final EvidenceEntry.Builder rest;

    private ActionChanges(Action before, Action after) {
        this.before = before;
        this.after = after;
        this.rest =
                entry(
                        before.getName().isEmpty()
                                ? EvidenceEvent.EVIDENCE_EVENT_REQUESTED
                                : EvidenceEvent.EVIDENCE_EVENT_CHANGED);
    }

    /**
     * The entries of a write, in the order in which they are told; none when nothing changed.
     *
     * @param before the default instance for a new action
     * @param after as it is stored
     */
    static List<EvidenceEntry> of(Action before, Action after) {
        return new ActionChanges(before, after).entries();
    }

    private List<EvidenceEntry> entries() {
        Action.Builder state = Action.newBuilder();
        for (FieldDescriptor field : Action.getDescriptor().getFields()) {
            if (!BOOKKEEPING.contains(field.getNumber()) && isChanged(field)) {
                if (STATE.contains(field.getNumber()) && after.getAllFields().containsKey(field)) {
                    state.setField(field, after.getField(field));
                } else {
                    add(field);
                }
            }
        }
        addState(state.build());
        List<EvidenceEntry> entries = new ArrayList<>();
        if (rest.hasChange() || rest.getClearedCount() > 0) {
            entries.add(rest.build());
        }
        entries.addAll(steps);
        entries.addAll(transitions);
        return entries;
    }

    private boolean isChanged(FieldDescriptor field) {
        boolean presence = field.hasPresence() && before.hasField(field) != after.hasField(field);
        return presence || !before.getField(field).equals(after.getField(field));
    }

    private void add(FieldDescriptor field) {
        boolean grows =
                STORIES.contains(field.getNumber())
                        && after.getRepeatedFieldCount(field)
                                >= before.getRepeatedFieldCount(field);
        boolean empty =
                field.isRepeated()
                        ? after.getRepeatedFieldCount(field) == 0
                        : !after.getAllFields().containsKey(field);
        if (grows) {
            addElements(field);
        } else if (empty) {
            rest.addCleared(field.getName());
        } else if (field.getNumber() == Action.PLAN_FIELD_NUMBER) {
            steps.add(whole(field, EvidenceEvent.EVIDENCE_EVENT_PLANNED));
        } else if (SAVED.contains(field.getNumber())) {
            steps.add(whole(field, EvidenceEvent.EVIDENCE_EVENT_STATE_SAVED));
        } else {
            rest.getChangeBuilder().setField(field, after.getField(field));
        }
    }

    private void addElements(FieldDescriptor field) {
        int known = before.getRepeatedFieldCount(field);
        for (int i = 0; i < after.getRepeatedFieldCount(field); i++) {
            Object element = after.getRepeatedField(field, i);
            if (i >= known || !element.equals(before.getRepeatedField(field, i))) {
                EvidenceEntry.Builder entry = entry(event(element));
                entry.getChangeBuilder().addRepeatedField(field, element);
                entry.setIndex(i);
                (element instanceof StateTransition ? transitions : steps).add(entry.build());
            }
        }
    }

    /** The state belongs to the last step to it; without one it is a change like others. */
    private void addState(Action state) {
        if (state.equals(Action.getDefaultInstance())) {
            return;
        }
        if (transitions.isEmpty()) {
            rest.getChangeBuilder().mergeFrom(state);
            return;
        }
        EvidenceEntry.Builder last = transitions.removeLast().toBuilder();
        last.getChangeBuilder().mergeFrom(state);
        transitions.add(last.build());
    }

    private EvidenceEntry whole(FieldDescriptor field, EvidenceEvent event) {
        EvidenceEntry.Builder entry = entry(event);
        entry.getChangeBuilder().setField(field, after.getField(field));
        return entry.build();
    }

    private EvidenceEntry.Builder entry(EvidenceEvent event) {
        return EvidenceEntry.newBuilder()
                .setAction(after.getName())
                .setAccountId(after.getTarget().getScope().getAccountId())
                .setTime(after.getUpdateTime())
                .setEvent(event);
    }

    private static EvidenceEvent event(Object element) {
        return switch (element) {
            case CallRecord call ->
                    call.hasEndTime()
                            ? EvidenceEvent.EVIDENCE_EVENT_CALL_ANSWERED
                            : EvidenceEvent.EVIDENCE_EVENT_CALL_BEGUN;
            case Verification verification -> EvidenceEvent.EVIDENCE_EVENT_VERIFIED;
            case StateTransition transition -> transitionEvent(transition);
            case String drift -> EvidenceEvent.EVIDENCE_EVENT_DRIFT_FOUND;
            default -> throw new IllegalStateException("no event for " + element.getClass());
        };
    }

    private static EvidenceEvent transitionEvent(StateTransition transition) {
        boolean waited =
                transition.getFrom() == ActionState.ACTION_STATE_PROPOSED
                        || transition.getFrom() == ActionState.ACTION_STATE_AWAITING_APPROVAL;
        return switch (transition.getTo()) {
            case ACTION_STATE_APPROVED -> EvidenceEvent.EVIDENCE_EVENT_APPROVED;
            case ACTION_STATE_UNDOING -> EvidenceEvent.EVIDENCE_EVENT_UNDO_REQUESTED;
            case ACTION_STATE_CANCELLED ->
                    waited
                            ? EvidenceEvent.EVIDENCE_EVENT_REJECTED
                            : EvidenceEvent.EVIDENCE_EVENT_STATE_CHANGED;
            case ACTION_STATE_UNSPECIFIED,
                    ACTION_STATE_PROPOSED,
                    ACTION_STATE_AWAITING_APPROVAL,
                    ACTION_STATE_RUNNING,
                    ACTION_STATE_VERIFYING,
                    ACTION_STATE_SUCCEEDED,
                    ACTION_STATE_FAILED,
                    ACTION_STATE_EXPIRED,
                    ACTION_STATE_UNDONE,
                    ACTION_STATE_UNDO_FAILED,
                    UNRECOGNIZED ->
                    EvidenceEvent.EVIDENCE_EVENT_STATE_CHANGED;
        };
    }
}
