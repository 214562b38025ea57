package dev.yagura.response.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import dev.yagura.proto.response.v1.EvidenceEntry;
import dev.yagura.proto.response.v1.EvidenceEvent;
import dev.yagura.proto.response.v1.OnFailure;
import dev.yagura.proto.response.v1.PlaybookBranch;
import dev.yagura.proto.response.v1.PlaybookRun;
import dev.yagura.proto.response.v1.PlaybookRunState;
import dev.yagura.proto.response.v1.PlaybookSpec;
import dev.yagura.proto.response.v1.PlaybookStep;
import dev.yagura.proto.response.v1.RunChange;
import dev.yagura.proto.response.v1.StepRun;
import dev.yagura.proto.response.v1.StepState;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a write of a run decided. */
class RunChangesTest {
    private static final String ACCOUNT = "111122223333";
    private static final PlaybookRun STARTED =
            PlaybookRun.newBuilder()
                    .setName("playbookRuns/a")
                    .setPlaybook("playbooks/cut")
                    .setVersion(3)
                    .setSourceSha256("ab")
                    .setIncident("incidents/b")
                    .setStartedBy("token-1")
                    .setReason("seen")
                    .setState(PlaybookRunState.PLAYBOOK_RUN_STATE_RUNNING)
                    .setSpec(
                            PlaybookSpec.newBuilder()
                                    .addSteps(
                                            PlaybookStep.newBuilder()
                                                    .setId("both")
                                                    .addParallel(
                                                            PlaybookBranch.newBuilder()
                                                                    .addSteps(step("inner"))))
                                    .addSteps(
                                            step("each").toBuilder()
                                                    .setWhen("true")
                                                    .setOnFailure(OnFailure.ON_FAILURE_CONTINUE)))
                    .addSteps(pending("both"))
                    .addSteps(pending("inner"))
                    .addSteps(pending("each"))
                    .build();

    @Test
    void theStartSaysWhoWhatAndWhichText() {
        EvidenceEntry started = changes(PlaybookRun.getDefaultInstance(), STARTED).getFirst();

        assertThat(started.getEvent()).isEqualTo(EvidenceEvent.EVIDENCE_EVENT_RUN_STARTED);
        assertThat(started.getPlaybookRun()).isEqualTo("playbookRuns/a");
        assertThat(started.getAccountId()).isEqualTo(ACCOUNT);
        assertThat(EvidenceText.of(started))
                .isEqualTo(
                        "{\"accountId\":\"111122223333\",\"event\":\"EVIDENCE_EVENT_RUN_STARTED\","
                                + "\"playbookRun\":\"playbookRuns/a\",\"run\":{\"incident\":"
                                + "\"incidents/b\",\"playbook\":\"playbooks/cut\",\"reason\":\"seen\","
                                + "\"sourceSha256\":\"ab\",\"startedBy\":\"token-1\",\"version\":3},"
                                + "\"time\":\"1970-01-01T00:00:00Z\"}");
    }

    @Test
    void eachDecisionOfAWriteIsTold() {
        PlaybookRun after =
                STARTED.toBuilder()
                        .setSteps(0, ended("both", StepState.STEP_STATE_SUCCEEDED))
                        .setSteps(
                                1,
                                ended("inner", StepState.STEP_STATE_SUCCEEDED).toBuilder()
                                        .addActions("actions/1")
                                        .setApprovedBy("token-2"))
                        .setSteps(
                                2,
                                ended("each", StepState.STEP_STATE_FAILED).toBuilder()
                                        .addElements(
                                                ended("each", StepState.STEP_STATE_FAILED)
                                                        .toBuilder()
                                                        .setElement("i-1")
                                                        .addActions("actions/2")
                                                        .addActions("actions/3"))
                                        .addElements(pending("each").toBuilder().setElement("i-2")))
                        .setState(PlaybookRunState.PLAYBOOK_RUN_STATE_SUCCEEDED)
                        .setStateReason("went on although each failed")
                        .build();

        List<EvidenceEntry> entries = changes(STARTED, after);

        assertThat(entries)
                .extracting(RunChangesTest::told)
                .containsExactly(
                        "RUN_STEP_BEGUN both ",
                        "RUN_STEP_BEGUN inner ",
                        "RUN_ACTION_ORDERED inner actions/1",
                        "RUN_ACTION_APPROVED inner actions/1",
                        "RUN_STEP_ENDED inner ",
                        "RUN_STEP_ENDED both ",
                        "RUN_STEP_BEGUN each ",
                        "RUN_LIST_FIXED each ",
                        "RUN_ACTION_ORDERED eachi-1 actions/2",
                        "RUN_ACTION_ORDERED eachi-1 actions/3",
                        "RUN_STEP_ENDED eachi-1 ",
                        "RUN_STEP_ENDED each ",
                        "RUN_ENDED  ");
        assertThat(entries.get(3).getRun().getApprover()).isEqualTo("token-2");
        assertThat(entries.get(6).getRun().getCondition()).isEqualTo("true");
        assertThat(entries.get(7).getRun().getElementsList()).containsExactly("i-1", "i-2");
        assertThat(entries.get(9).getRun().getAttempt()).isEqualTo(2);
        assertThat(entries.get(11).getRun())
                .isEqualTo(
                        RunChange.newBuilder()
                                .setStep("each")
                                .setState(StepState.STEP_STATE_FAILED)
                                .setDetail("why")
                                .setOnFailure(OnFailure.ON_FAILURE_CONTINUE)
                                .build());
        assertThat(changes(after, after.toBuilder().setUpdateTime(time(9)).build())).isEmpty();
    }

    @Test
    void whatWaitsIsNoDecision() {
        PlaybookRun waiting =
                STARTED.toBuilder()
                        .setSteps(2, pending("each").toBuilder().setStartTime(time(1)))
                        .build();
        PlaybookRun still =
                waiting.toBuilder()
                        .setSteps(2, waiting.getSteps(2).toBuilder().setDetail("it still runs"))
                        .build();
        PlaybookRun cancelling =
                still.toBuilder()
                        .setState(PlaybookRunState.PLAYBOOK_RUN_STATE_CANCELLING)
                        .setStateReason("cancelled by token-2: a drill")
                        .build();

        assertThat(changes(waiting, still)).isEmpty();
        assertThat(changes(still, cancelling))
                .singleElement()
                .satisfies(entry -> {
                    assertThat(entry.getEvent())
                            .isEqualTo(EvidenceEvent.EVIDENCE_EVENT_RUN_CANCEL_REQUESTED);
                    assertThat(entry.getRun().getDetail())
                            .isEqualTo("cancelled by token-2: a drill");
                });
    }

    private static String told(EvidenceEntry entry) {
        return entry.getEvent().name().replace("EVIDENCE_EVENT_", "")
                + " "
                + entry.getRun().getStep()
                + entry.getRun().getElement()
                + " "
                + entry.getRun().getAction();
    }

    private static List<EvidenceEntry> changes(PlaybookRun before, PlaybookRun after) {
        PlaybookRun stored =
                after.hasUpdateTime() ? after : after.toBuilder().setUpdateTime(time(0)).build();
        return RunChanges.of(before, stored, ACCOUNT);
    }

    private static PlaybookStep step(String id) {
        return PlaybookStep.newBuilder().setId(id).setAction("isolate_instance").build();
    }

    private static StepRun pending(String step) {
        return StepRun.newBuilder().setStep(step).setState(StepState.STEP_STATE_PENDING).build();
    }

    private static StepRun ended(String step, StepState state) {
        return StepRun.newBuilder()
                .setStep(step)
                .setState(state)
                .setStartTime(time(1))
                .setDetail("why")
                .build();
    }

    private static Timestamp time(long seconds) {
        return Timestamp.newBuilder().setSeconds(seconds).build();
    }
}
