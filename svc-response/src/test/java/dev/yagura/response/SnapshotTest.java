package dev.yagura.response;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yagura.common.config.InvalidSettingException;
import dev.yagura.common.config.Settings;
import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionState;
import dev.yagura.proto.response.v1.CheckOutcome;
import dev.yagura.proto.response.v1.CreateActionRequest;
import dev.yagura.proto.response.v1.PlannedCall;
import dev.yagura.proto.response.v1.VerificationLevel;
import dev.yagura.proto.response.v1.VolumeSnapshot;
import dev.yagura.response.forensics.ForensicsConfig;
import dev.yagura.response.forensics.SnapshotProcedure;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.ec2.model.CreateVolumePermission;
import software.amazon.awssdk.services.ec2.model.Snapshot;

/** snapshot_instance through the public contract, against the sandbox, with the product's role. */
class SnapshotTest {
    private static final String KEY =
            "arn:aws:kms:ap-northeast-1:111122223333:key/5a0c2f6e-9d31-4c7b-8e54-0b7f6a1d2c3e";
    private static final String FORENSICS = "999988887777";

    /** Attempts of an action; a wait for AWS is none. */
    private static final int ATTEMPTS = 3;

    @RegisterExtension
    static final TestService SERVICE =
            TestService.with(
                    Map.of(
                            "yagura.response.forensics.kms-keys",
                            KEY,
                            "yagura.response.forensics.account-id",
                            FORENSICS,
                            "yagura.response.forensics.poll",
                            "PT0.02S",
                            "yagura.response.forensics.settle",
                            "PT0.2S",
                            "yagura.response.action.poll",
                            "PT0.02S",
                            "yagura.response.action.attempts",
                            String.valueOf(ATTEMPTS)));

    private static final TestResponder RESPONDER =
            new TestResponder(SERVICE, Duration.ofSeconds(5));

    private static final String READER = "who can read the snapshots";

    @BeforeAll
    static void stopTheClock() {
        SERVICE.sandbox().freezeClock();
    }

    /** Without a reset, which would forget the session of the product's own role. */
    @BeforeEach
    void noSnapshots() {
        SERVICE.postgres().execute("DELETE FROM action");
        SERVICE.sandbox().clearFaults();
        snapshots()
                .forEach(each -> {
                    SERVICE.sandbox().lockSnapshot(each.snapshotId(), false);
                    SERVICE.operator().deleteSnapshot(r -> r.snapshotId(each.snapshotId()));
                });
    }

    @Test
    void planIsCompleteAndChangesNothing() {
        long before = SERVICE.lastCall();

        Action planned = RESPONDER.plan(request(TestService.DB));

        assertThat(planned.getPlan().getCallsList())
                .extracting(PlannedCall::getOperation)
                .containsExactly(
                        "ec2:CreateSnapshots",
                        "ec2:CopySnapshot",
                        "ec2:ModifySnapshotAttribute",
                        "ec2:DeleteSnapshot");
        PlannedCall create = planned.getPlan().getCalls(0);
        assertThat(create.getDryRun()).isEqualTo("allowed");
        assertThat(create.getBefore())
                .contains("/dev/xvda 8 GiB gp3 not encrypted", "/dev/xvdb 500 GiB io2 encrypted");
        assertThat(planned.getPlan().getUndoCallsList())
                .extracting(PlannedCall::getOperation)
                .containsExactly("ec2:DeleteSnapshot");
        assertThat(planned.getPlan().getChecksList())
                .noneMatch(check -> check.getOutcome() == CheckOutcome.CHECK_OUTCOME_REFUSED)
                .filteredOn(check -> check.getLabel().equals(READER))
                .singleElement()
                .satisfies(check -> assertThat(check.getDetail()).contains(FORENSICS, KEY));
        assertThat(String.join("\n", planned.getPlan().getResidualRisksList()))
                .contains("Instance store and RAM", "has not written yet", "not locked");
        assertThat(SERVICE.sandbox().journal(before))
                .allMatch(entry ->
                        entry.dryRun()
                                || entry.operation().matches("(ec2|sts):(Describe|Assume).*"));
        assertThat(snapshots()).isEmpty();
    }

    @Test
    void takesCopiesSharesAndUndoDeletes() throws Exception {
        long before = SERVICE.lastCall();

        Action action = RESPONDER.settled(create(TestService.DB));

        assertThat(action.getState())
                .as(action.getStateReason())
                .isEqualTo(ActionState.ACTION_STATE_SUCCEEDED);
        assertThat(snapshots())
                .hasSize(2)
                .allSatisfy(each -> {
                    assertThat(each.kmsKeyId()).isEqualTo(KEY);
                    assertThat(each.stateAsString()).isEqualTo("completed");
                    assertThat(readers(each)).containsExactly(FORENSICS);
                    assertThat(each.tags())
                            .extracting(tag -> tag.key())
                            .containsExactlyInAnyOrder(
                                    "yagura:action",
                                    "yagura:copy-of",
                                    "yagura:instance",
                                    "yagura:time",
                                    "yagura:volume");
                });
        assertThat(action.getSnapshotSet().getSnapshotsList())
                .extracting(VolumeSnapshot::getSnapshotDeleted)
                .containsExactly(true, true);
        assertThat(action.getVerificationsList())
                .last()
                .satisfies(verification -> {
                    assertThat(verification.getLevel())
                            .isEqualTo(VerificationLevel.VERIFICATION_LEVEL_CONFIG_READ);
                    assertThat(verification.getPassed()).isTrue();
                    assertThat(verification.getDetail())
                            .contains("2 volumes of " + TestService.DB, KEY, FORENSICS);
                });

        Action undone = RESPONDER.undo(action);

        assertThat(undone.getState())
                .as(undone.getStateReason())
                .isEqualTo(ActionState.ACTION_STATE_UNDONE);
        assertThat(undone.getDriftList()).isEmpty();
        assertThat(snapshots()).isEmpty();
        PolicyFile.assertFits(
                SERVICE,
                "snapshot_instance",
                before,
                "ec2:CreateTags",
                "kms:CreateGrant",
                "kms:Decrypt",
                "kms:DescribeKey",
                "kms:GenerateDataKeyWithoutPlaintext",
                "kms:ReEncryptFrom",
                "kms:ReEncryptTo");
    }

    @Test
    void waitsForAsLongAsEc2Needs() {
        long before = SERVICE.lastCall();
        String name = create(TestService.WEB);
        TestResponder.await("the snapshot", () -> !snapshots().isEmpty());
        String id = snapshots().getFirst().snapshotId();
        SERVICE.sandbox().completeSnapshotIn(id, Duration.ofHours(5));
        SERVICE.sandbox().advance(Duration.ofHours(2));
        TestResponder.await(
                "progress in the record",
                () -> {
                    VolumeSnapshot volume = RESPONDER.read(name).getSnapshotSet().getSnapshots(0);
                    return volume.getSnapshot().getProgress().equals("40%");
                });
        long asked = SERVICE.calls(before, "ec2:DescribeSnapshots");
        TestResponder.await(
                "more looks than there are attempts",
                () -> SERVICE.calls(before, "ec2:DescribeSnapshots") > asked + 2 * ATTEMPTS);
        assertThat(RESPONDER.read(name).getState()).isEqualTo(ActionState.ACTION_STATE_RUNNING);
        SERVICE.sandbox().advance(Duration.ofHours(3));

        assertThat(RESPONDER.settled(name).getState())
                .isEqualTo(ActionState.ACTION_STATE_SUCCEEDED);
    }

    @Test
    void aFailedSnapshotFailsTheActionAndCanBeDeleted() {
        String name = create(TestService.DB);
        TestResponder.await("the snapshots", () -> snapshots().size() == 2);
        SERVICE.sandbox().failSnapshot(snapshots().getFirst().snapshotId(), "internal error");

        Action failed = RESPONDER.settled(name);

        assertThat(failed.getState()).isEqualTo(ActionState.ACTION_STATE_FAILED);
        assertThat(failed.getStateReason())
                .contains("EC2 could not complete snap-", "internal error", "undo deletes them");
        assertThat(RESPONDER.undo(failed).getState()).isEqualTo(ActionState.ACTION_STATE_UNDONE);
        assertThat(snapshots()).isEmpty();
    }

    @Test
    void waitsWhileEc2HasEnoughToDo() {
        SERVICE.sandbox()
                .planFault(
                        Map.of(
                                "operation", "ec2:CreateSnapshots",
                                "kind", "error",
                                "code", "ConcurrentSnapshotLimitExceeded",
                                // Planning asks twice with DryRun.
                                "skip", 2,
                                "times", 2 * ATTEMPTS));
        for (int i = 0; i < 2 * ATTEMPTS; i++) {
            SERVICE.sandbox().fail("ec2:CopySnapshot", "ResourceLimitExceeded", 400);
        }

        Action action = RESPONDER.settled(create(TestService.WEB));

        assertThat(action.getState())
                .as(action.getStateReason())
                .isEqualTo(ActionState.ACTION_STATE_SUCCEEDED);
        assertThat(snapshots()).hasSize(1);
    }

    @Test
    void undoSaysWhatEc2KeepsAndCanBeAskedAgain() {
        Action action = RESPONDER.settled(create(TestService.DB));
        String locked = snapshots().getFirst().snapshotId();
        SERVICE.sandbox().lockSnapshot(locked, true);

        Action kept = RESPONDER.undo(action);

        assertThat(kept.getState()).isEqualTo(ActionState.ACTION_STATE_UNDO_FAILED);
        assertThat(kept.getStateReason()).contains("EC2 keeps " + locked, "SnapshotLocked");
        assertThat(snapshots()).extracting(Snapshot::snapshotId).containsExactly(locked);
        SERVICE.sandbox().lockSnapshot(locked, false);
        assertThat(RESPONDER.undo(kept).getState()).isEqualTo(ActionState.ACTION_STATE_UNDONE);
        assertThat(snapshots()).isEmpty();
    }

    @Test
    void undoDeletesNothingElseAndReportsWhatOthersDeleted() {
        Action first = RESPONDER.settled(create(TestService.WEB));
        Action second = RESPONDER.settled(create(TestService.WEB));
        Snapshot ofSecond =
                snapshots().stream()
                        .filter(each ->
                                each.tags().stream()
                                        .anyMatch(tag -> second.getName().endsWith(tag.value())))
                        .findFirst()
                        .orElseThrow();
        String ofFirst = first.getSnapshotSet().getSnapshots(0).getCopy().getSnapshotId();
        SERVICE.operator().deleteSnapshot(r -> r.snapshotId(ofFirst));

        Action undone = RESPONDER.undo(first);

        assertThat(undone.getState()).isEqualTo(ActionState.ACTION_STATE_UNDONE);
        assertThat(undone.getDriftList()).containsExactly(ofFirst + " was deleted meanwhile");
        assertThat(snapshots())
                .extracting(Snapshot::snapshotId)
                .containsExactly(ofSecond.snapshotId());
    }

    @Test
    void whatOthersChangeIsNoSuccess() {
        String name = create(TestService.WEB);
        TestResponder.await(
                "the copy",
                () -> {
                    SERVICE.sandbox().advance(Duration.ofSeconds(1));
                    return snapshots().stream().anyMatch(each -> KEY.equals(each.kmsKeyId()));
                });
        String copy =
                snapshots().stream()
                        .filter(each -> KEY.equals(each.kmsKeyId()))
                        .map(Snapshot::snapshotId)
                        .findFirst()
                        .orElseThrow();
        SERVICE.operator()
                .modifySnapshotAttribute(r ->
                        r.snapshotId(copy)
                                .attribute("createVolumePermission")
                                .operationType("add")
                                .userIds("123412341234"));

        Action failed = RESPONDER.settled(name);

        assertThat(failed.getState()).isEqualTo(ActionState.ACTION_STATE_FAILED);
        assertThat(failed.getStateReason()).contains(copy + " is shared with", "123412341234");
        assertThat(snapshots()).as("its snapshot is kept").hasSize(2);
    }

    @Test
    void refusesToShareWithoutAKeyAndWhatIsProtectedOrGone() {
        SnapshotProcedure keyless =
                new SnapshotProcedure(
                        settings(Map.of("yagura.response.forensics.account-id", FORENSICS)),
                        Clock.systemUTC());
        assertThat(keyless.plan(TestService.target(TestService.DB)).plan().getChecksList())
                .filteredOn(check -> check.getOutcome() == CheckOutcome.CHECK_OUTCOME_REFUSED)
                .singleElement()
                .satisfies(check -> {
                    assertThat(check.getLabel()).isEqualTo(READER);
                    assertThat(check.getDetail()).contains("AWS's own key cannot be shared");
                    assertThat(check.getRemedy()).contains("forensics.kms-keys");
                });
        SnapshotProcedure plain = new SnapshotProcedure(settings(Map.of()), Clock.systemUTC());
        assertThat(plain.plan(TestService.target(TestService.DB)).plan().getCallsList())
                .extracting(PlannedCall::getOperation)
                .containsExactly("ec2:CreateSnapshots");

        SERVICE.operator()
                .createTags(r ->
                        r.resources(TestService.APP)
                                .tags(t -> t.key("yagura:protected").value("true")));
        try {
            assertThatThrownBy(() -> create(TestService.APP))
                    .hasMessageContaining("it is not protected");
        } finally {
            SERVICE.operator()
                    .deleteTags(
                            r -> r.resources(TestService.APP).tags(t -> t.key("yagura:protected")));
        }
        assertThatThrownBy(() -> create("i-00000000000000000")).hasMessageContaining("NOT_FOUND");
    }

    @Test
    void refusesSettingsThatCannotWork() {
        assertRefused("kms-keys", "alias/forensics");
        assertRefused("kms-keys", KEY + "," + KEY.replace("5a0c", "5a0d"));
        assertRefused("account-id", "12");
    }

    private static void assertRefused(String key, String value) {
        Settings settings =
                Settings.of("yagura.response", Map.of("yagura.response.forensics." + key, value));
        assertThatThrownBy(() -> ForensicsConfig.from(settings))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageContaining("yagura.response.forensics." + key);
    }

    /** The running service's way to the sandbox, with other settings of forensics. */
    private static Settings settings(Map<String, String> forensics) {
        Map<String, String> all = new HashMap<>(forensics);
        for (String key : List.of("aws.endpoint", "aws.role", "aws.external-id")) {
            String name = "yagura.response." + key;
            all.put(name, System.getProperty(name));
        }
        return Settings.of("yagura.response", all);
    }

    private static List<Snapshot> snapshots() {
        return SERVICE.operator().describeSnapshots(r -> r.ownerIds("self")).snapshots();
    }

    private static List<String> readers(Snapshot snapshot) {
        return SERVICE
                .operator()
                .describeSnapshotAttribute(r ->
                        r.snapshotId(snapshot.snapshotId()).attribute("createVolumePermission"))
                .createVolumePermissions()
                .stream()
                .map(CreateVolumePermission::userId)
                .toList();
    }

    private static String create(String instance) {
        return SERVICE.actions().createAction(request(instance).build()).getName();
    }

    private static CreateActionRequest.Builder request(String instance) {
        return TestResponder.request(
                ActionKind.ACTION_KIND_SNAPSHOT_INSTANCE, TestService.target(instance));
    }
}
