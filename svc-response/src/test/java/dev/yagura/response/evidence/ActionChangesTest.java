package dev.yagura.response.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionState;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.CallRecord;
import dev.yagura.proto.response.v1.EvidenceEntry;
import dev.yagura.proto.response.v1.EvidenceEvent;
import dev.yagura.proto.response.v1.InterfaceState;
import dev.yagura.proto.response.v1.Plan;
import dev.yagura.proto.response.v1.StateTransition;
import dev.yagura.proto.response.v1.Verification;
import dev.yagura.proto.type.v1.Scope;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ActionChangesTest {
    private static final Timestamp NOON = Timestamp.newBuilder().setSeconds(1_790_000_000).build();

    private static final Action REQUESTED =
            moved(
                    Action.newBuilder()
                            .setName("actions/0198c0de-0000-7000-8000-000000000001")
                            .setKind(ActionKind.ACTION_KIND_ISOLATE_INSTANCE)
                            .setTarget(
                                    ActionTarget.newBuilder()
                                            .setInstanceId("i-0123456789abcdef0")
                                            .setScope(
                                                    Scope.newBuilder()
                                                            .setAccountId("111122223333")))
                            .setReason("beacon \u0000 \"to\" C2")
                            .setRequestedBy("token-1")
                            .setRequestId("0198c0de-0000-7000-8000-000000000002")
                            .setPlan(Plan.newBuilder().addResidualRisks("DNS"))
                            .setUpdateTime(NOON)
                            .setEtag("1")
                            .build(),
                    ActionState.ACTION_STATE_PROPOSED,
                    "yagura");

    @Test
    void aRequestSaysWhoWhatAndWhy() {
        List<EvidenceEntry> entries = ActionChanges.of(Action.getDefaultInstance(), REQUESTED);

        assertThat(entries)
                .extracting(EvidenceEntry::getEvent)
                .containsExactly(
                        EvidenceEvent.EVIDENCE_EVENT_REQUESTED,
                        EvidenceEvent.EVIDENCE_EVENT_PLANNED,
                        EvidenceEvent.EVIDENCE_EVENT_STATE_CHANGED);
        assertThat(entries)
                .allSatisfy(entry -> {
                    assertThat(entry.getAction()).isEqualTo(REQUESTED.getName());
                    assertThat(entry.getAccountId()).isEqualTo("111122223333");
                    assertThat(entry.getTime()).isEqualTo(NOON);
                });
        Action request = entries.getFirst().getChange();
        assertThat(request.getRequestedBy()).isEqualTo("token-1");
        assertThat(request.getRequestId()).isEqualTo(REQUESTED.getRequestId());
        assertThat(request.getReason()).isEqualTo(REQUESTED.getReason());
        assertThat(request.hasPlan()).isFalse();
    }

    @Test
    void aWriteThatChangesNothingLeavesNothing() {
        Action again = REQUESTED.toBuilder().setEtag("2").clearUpdateTime().build();

        assertThat(ActionChanges.of(REQUESTED, again)).isEmpty();
    }

    @Test
    void stateChangesSayWhoDecided() {
        assertThat(event(ActionState.ACTION_STATE_APPROVED))
                .isEqualTo(EvidenceEvent.EVIDENCE_EVENT_APPROVED);
        assertThat(event(ActionState.ACTION_STATE_CANCELLED))
                .isEqualTo(EvidenceEvent.EVIDENCE_EVENT_REJECTED);
        assertThat(event(ActionState.ACTION_STATE_EXPIRED))
                .isEqualTo(EvidenceEvent.EVIDENCE_EVENT_STATE_CHANGED);
        assertThat(event(ActionState.ACTION_STATE_UNDOING))
                .isEqualTo(EvidenceEvent.EVIDENCE_EVENT_UNDO_REQUESTED);
        EvidenceEntry approved =
                ActionChanges.of(
                                REQUESTED,
                                moved(REQUESTED, ActionState.ACTION_STATE_APPROVED, "token-2"))
                        .getFirst();
        assertThat(approved.getIndex()).isEqualTo(1);
        assertThat(approved.getChange().getState()).isEqualTo(ActionState.ACTION_STATE_APPROVED);
        assertThat(approved.getChange().getTransitionsList())
                .singleElement()
                .satisfies(each -> assertThat(each.getActor()).isEqualTo("token-2"));
    }

    @Test
    void aCallIsToldBeforeAndAfterItsAnswer() {
        CallRecord call =
                CallRecord.newBuilder()
                        .setOperation("ec2:CreateSecurityGroup")
                        .putParameters("VpcId", "vpc-1")
                        .setAttempt(1)
                        .setStartTime(NOON)
                        .build();
        Action sent = REQUESTED.toBuilder().addCalls(call).build();
        CallRecord answer = call.toBuilder().setEndTime(NOON).setAwsRequestId("r-1").build();
        Action answered = sent.toBuilder().setCalls(0, answer).build();

        assertThat(ActionChanges.of(REQUESTED, sent))
                .singleElement()
                .satisfies(entry -> {
                    assertThat(entry.getEvent()).isEqualTo(EvidenceEvent.EVIDENCE_EVENT_CALL_BEGUN);
                    assertThat(entry.getChange().getCallsList()).containsExactly(call);
                });
        assertThat(ActionChanges.of(sent, answered))
                .singleElement()
                .satisfies(entry -> {
                    assertThat(entry.getEvent())
                            .isEqualTo(EvidenceEvent.EVIDENCE_EVENT_CALL_ANSWERED);
                    assertThat(entry.getIndex()).isZero();
                    assertThat(entry.getChange().getCallsList()).containsExactly(answer);
                });
    }

    /** Each field of the contract, also those that nobody thought of here. */
    @Test
    void everyFieldOfAnActionIsInTheEvidence() {
        Action empty = Action.newBuilder().setName(REQUESTED.getName()).build();
        Action.getDescriptor().getFields().stream()
                .filter(field -> !field.getName().equals("etag"))
                .filter(field -> !field.getName().equals("update_time"))
                .filter(field -> !field.getName().equals("watch_time"))
                .filter(field -> !field.getName().equals("name"))
                .forEach(field -> {
                    Object value =
                            switch (field.getJavaType()) {
                                case STRING -> "value";
                                case BOOLEAN -> true;
                                case ENUM -> field.getEnumType().findValueByNumber(1);
                                case MESSAGE ->
                                        Action.newBuilder().newBuilderForField(field).build();
                                default -> throw new AssertionError("say what fills " + field);
                            };
                    Action filled =
                            field.isRepeated()
                                    ? empty.toBuilder().addRepeatedField(field, value).build()
                                    : empty.toBuilder().setField(field, value).build();
                    assertReplayed(empty, filled);
                    assertReplayed(empty, filled, empty);
                });
    }

    @Test
    void entriesMakeTheActionAgain() {
        Action saved =
                REQUESTED.toBuilder()
                        .setPlan(Plan.newBuilder().addResidualRisks("DNS, again"))
                        .addSavedState(InterfaceState.newBuilder().setNetworkInterfaceId("eni-1"))
                        .addSavedState(InterfaceState.newBuilder().setNetworkInterfaceId("eni-2"))
                        .build();
        Action verified =
                moved(saved, ActionState.ACTION_STATE_APPROVED, "token-2").toBuilder()
                        .addCalls(CallRecord.newBuilder().setAttempt(-1))
                        .addVerifications(Verification.newBuilder().setPassed(true))
                        .addDrift("eni-1 is gone")
                        .addDrift("eni-2 too")
                        .build();
        Action shorter =
                verified.toBuilder().clearSavedState().clearDrift().clearIncident().build();

        assertReplayed(Action.getDefaultInstance(), REQUESTED, saved, verified, shorter);
    }

    private static void assertReplayed(Action... versions) {
        List<EvidenceEntry> entries = new ArrayList<>();
        if (!versions[0].equals(Action.getDefaultInstance())) {
            entries.addAll(ActionChanges.of(Action.getDefaultInstance(), versions[0]));
        }
        for (int i = 1; i < versions.length; i++) {
            ActionChanges.of(versions[i - 1], versions[i])
                    .forEach(entry -> entries.add(Replay.entry(EvidenceText.of(entry))));
        }
        assertThat(Replay.of(entries)).isEqualTo(Replay.comparable(versions[versions.length - 1]));
    }

    private static EvidenceEvent event(ActionState to) {
        return ActionChanges.of(REQUESTED, moved(REQUESTED, to, "token-2")).getFirst().getEvent();
    }

    private static Action moved(Action action, ActionState to, String actor) {
        return action.toBuilder()
                .setState(to)
                .setStateReason("for a reason")
                .addTransitions(
                        StateTransition.newBuilder()
                                .setFrom(action.getState())
                                .setTo(to)
                                .setReason("for a reason")
                                .setActor(actor))
                .build();
    }
}
