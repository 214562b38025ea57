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
import dev.yagura.proto.response.v1.GetActionRequest;
import dev.yagura.proto.response.v1.PlannedCall;
import dev.yagura.proto.response.v1.UndoActionRequest;
import dev.yagura.proto.response.v1.VerificationLevel;
import dev.yagura.proto.response.v1.VolumeSnapshot;
import dev.yagura.response.forensics.ForensicsConfig;
import dev.yagura.response.forensics.SnapshotProcedure;
import dev.yagura.sandbox.front.JournalEntry;
import dev.yagura.testkit.PostgresFixture;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.ec2.model.CreateVolumePermission;
import software.amazon.awssdk.services.ec2.model.Snapshot;

/** snapshot_instance through the public contract, against the sandbox, with the product's role. */
class SnapshotTest {
    @RegisterExtension static final PostgresFixture POSTGRES = PostgresFixture.of("response");

    private static final String KEY =
            "arn:aws:kms:ap-northeast-1:111122223333:key/5a0c2f6e-9d31-4c7b-8e54-0b7f6a1d2c3e";
    private static final String FORENSICS = "999988887777";
    private static final String READER = "who can read the snapshots";
    private static final Duration BOUND = Duration.ofSeconds(60);

    /** Attempts of an action; a wait for AWS is none. */
    private static final int ATTEMPTS = 3;

    private static final Set<ActionState> ENDED =
            Set.of(
                    ActionState.ACTION_STATE_SUCCEEDED,
                    ActionState.ACTION_STATE_FAILED,
                    ActionState.ACTION_STATE_UNDONE,
                    ActionState.ACTION_STATE_UNDO_FAILED);

    @TempDir static Path folder;
    private static TestService service;

    @BeforeAll
    static void startService() throws Exception {
        service =
                TestService.start(
                        POSTGRES,
                        folder,
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
        service.sandbox().freezeClock();
    }

    @AfterAll
    static void stopService() {
        service.close();
    }

    /** Without a reset, which would forget the session of the product's own role. */
    @BeforeEach
    void noSnapshots() {
        POSTGRES.execute("DELETE FROM action");
        service.sandbox().clearFaults();
        snapshots()
                .forEach(each -> {
                    service.sandbox().lockSnapshot(each.snapshotId(), false);
                    service.operator().deleteSnapshot(r -> r.snapshotId(each.snapshotId()));
                });
    }

    @Test
    void planIsCompleteAndChangesNothing() {
        long before = lastCall();

        Action planned =
                service.actions()
                        .createAction(request(TestService.DB).setValidateOnly(true).build());

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
        assertThat(service.sandbox().journal(before))
                .allMatch(entry ->
                        entry.dryRun()
                                || entry.operation().matches("(ec2|sts):(Describe|Assume).*"));
        assertThat(snapshots()).isEmpty();
    }

    @Test
    void takesCopiesSharesAndUndoDeletes() throws Exception {
        long before = lastCall();

        Action action = settled(create(TestService.DB));

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

        Action undone = undo(action);

        assertThat(undone.getState())
                .as(undone.getStateReason())
                .isEqualTo(ActionState.ACTION_STATE_UNDONE);
        assertThat(undone.getDriftList()).isEmpty();
        assertThat(snapshots()).isEmpty();
        assertPolicyFits(before);
    }

    @Test
    void waitsForAsLongAsEc2Needs() {
        long before = lastCall();
        String name = create(TestService.WEB);
        await("the snapshot", () -> !snapshots().isEmpty());
        String id = snapshots().getFirst().snapshotId();
        service.sandbox().completeSnapshotIn(id, Duration.ofHours(5));
        service.sandbox().advance(Duration.ofHours(2));
        await(
                "progress in the record",
                () -> {
                    VolumeSnapshot volume = action(name).getSnapshotSet().getSnapshots(0);
                    return volume.getSnapshot().getProgress().equals("40%");
                });
        long asked = called(before, "ec2:DescribeSnapshots");
        await(
                "more looks than there are attempts",
                () -> called(before, "ec2:DescribeSnapshots") > asked + 2 * ATTEMPTS);
        assertThat(action(name).getState()).isEqualTo(ActionState.ACTION_STATE_RUNNING);
        service.sandbox().advance(Duration.ofHours(3));

        assertThat(settled(name).getState()).isEqualTo(ActionState.ACTION_STATE_SUCCEEDED);
    }

    @Test
    void aFailedSnapshotFailsTheActionAndCanBeDeleted() {
        String name = create(TestService.DB);
        await("the snapshots", () -> snapshots().size() == 2);
        service.sandbox().failSnapshot(snapshots().getFirst().snapshotId(), "internal error");

        Action failed = settled(name);

        assertThat(failed.getState()).isEqualTo(ActionState.ACTION_STATE_FAILED);
        assertThat(failed.getStateReason())
                .contains("EC2 could not complete snap-", "internal error", "undo deletes them");
        assertThat(undo(failed).getState()).isEqualTo(ActionState.ACTION_STATE_UNDONE);
        assertThat(snapshots()).isEmpty();
    }

    @Test
    void waitsWhileEc2HasEnoughToDo() {
        service.sandbox()
                .planFault(
                        Map.of(
                                "operation", "ec2:CreateSnapshots",
                                "kind", "error",
                                "code", "ConcurrentSnapshotLimitExceeded",
                                // Planning asks twice with DryRun.
                                "skip", 2,
                                "times", 2 * ATTEMPTS));
        for (int i = 0; i < 2 * ATTEMPTS; i++) {
            service.sandbox().fail("ec2:CopySnapshot", "ResourceLimitExceeded", 400);
        }

        Action action = settled(create(TestService.WEB));

        assertThat(action.getState())
                .as(action.getStateReason())
                .isEqualTo(ActionState.ACTION_STATE_SUCCEEDED);
        assertThat(snapshots()).hasSize(1);
    }

    @Test
    void undoSaysWhatEc2KeepsAndCanBeAskedAgain() {
        Action action = settled(create(TestService.DB));
        String locked = snapshots().getFirst().snapshotId();
        service.sandbox().lockSnapshot(locked, true);

        Action kept = undo(action);

        assertThat(kept.getState()).isEqualTo(ActionState.ACTION_STATE_UNDO_FAILED);
        assertThat(kept.getStateReason()).contains("EC2 keeps " + locked, "SnapshotLocked");
        assertThat(snapshots()).extracting(Snapshot::snapshotId).containsExactly(locked);
        service.sandbox().lockSnapshot(locked, false);
        assertThat(undo(kept).getState()).isEqualTo(ActionState.ACTION_STATE_UNDONE);
        assertThat(snapshots()).isEmpty();
    }

    @Test
    void undoDeletesNothingElseAndReportsWhatOthersDeleted() {
        Action first = settled(create(TestService.WEB));
        Action second = settled(create(TestService.WEB));
        Snapshot ofSecond =
                snapshots().stream()
                        .filter(each ->
                                each.tags().stream()
                                        .anyMatch(tag -> second.getName().endsWith(tag.value())))
                        .findFirst()
                        .orElseThrow();
        String ofFirst = first.getSnapshotSet().getSnapshots(0).getCopy().getSnapshotId();
        service.operator().deleteSnapshot(r -> r.snapshotId(ofFirst));

        Action undone = undo(first);

        assertThat(undone.getState()).isEqualTo(ActionState.ACTION_STATE_UNDONE);
        assertThat(undone.getDriftList()).containsExactly(ofFirst + " was deleted meanwhile");
        assertThat(snapshots())
                .extracting(Snapshot::snapshotId)
                .containsExactly(ofSecond.snapshotId());
    }

    @Test
    void whatOthersChangeIsNoSuccess() {
        String name = create(TestService.WEB);
        await(
                "the copy",
                () -> {
                    service.sandbox().advance(Duration.ofSeconds(1));
                    return snapshots().stream().anyMatch(each -> KEY.equals(each.kmsKeyId()));
                });
        String copy =
                snapshots().stream()
                        .filter(each -> KEY.equals(each.kmsKeyId()))
                        .map(Snapshot::snapshotId)
                        .findFirst()
                        .orElseThrow();
        service.operator()
                .modifySnapshotAttribute(r ->
                        r.snapshotId(copy)
                                .attribute("createVolumePermission")
                                .operationType("add")
                                .userIds("123412341234"));

        Action failed = settled(name);

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

        service.operator()
                .createTags(r ->
                        r.resources(TestService.APP)
                                .tags(t -> t.key("yagura:protected").value("true")));
        try {
            assertThatThrownBy(() -> create(TestService.APP))
                    .hasMessageContaining("it is not protected");
        } finally {
            service.operator()
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

    /** The policy file allows what was called, and what EC2 asks for behind that. */
    private static void assertPolicyFits(long since) throws Exception {
        Set<String> called = PolicyFile.called(service.sandbox().journal(since));
        called.addAll(
                Set.of(
                        "ec2:CreateTags",
                        "kms:CreateGrant",
                        "kms:Decrypt",
                        "kms:DescribeKey",
                        "kms:GenerateDataKeyWithoutPlaintext",
                        "kms:ReEncryptFrom",
                        "kms:ReEncryptTo"));
        assertThat(called).isEqualTo(PolicyFile.allowed("snapshot_instance"));
    }

    private static List<Snapshot> snapshots() {
        return service.operator().describeSnapshots(r -> r.ownerIds("self")).snapshots();
    }

    private static List<String> readers(Snapshot snapshot) {
        return service
                .operator()
                .describeSnapshotAttribute(r ->
                        r.snapshotId(snapshot.snapshotId()).attribute("createVolumePermission"))
                .createVolumePermissions()
                .stream()
                .map(CreateVolumePermission::userId)
                .toList();
    }

    private static String create(String instance) {
        return service.actions().createAction(request(instance).build()).getName();
    }

    private static Action undo(Action action) {
        service.actions()
                .undoAction(
                        UndoActionRequest.newBuilder()
                                .setName(action.getName())
                                .setReason("not needed")
                                .build());
        return settled(action.getName());
    }

    /** Lets simulated time pass until it has ended. */
    private static Action settled(String name) {
        await(
                name,
                () -> {
                    service.sandbox().advance(Duration.ofSeconds(5));
                    return ENDED.contains(action(name).getState());
                });
        return action(name);
    }

    private static void await(String what, BooleanSupplier condition) {
        Instant end = Instant.now().plus(BOUND);
        while (!condition.getAsBoolean()) {
            assertThat(Instant.now()).as(what).isBefore(end);
        }
    }

    private static Action action(String name) {
        return service.actions().getAction(GetActionRequest.newBuilder().setName(name).build());
    }

    private static long lastCall() {
        List<JournalEntry> journal = service.sandbox().journal(0);
        return journal.isEmpty() ? 0 : journal.getLast().sequence();
    }

    private static long called(long since, String operation) {
        return service.sandbox().journal(since).stream()
                .filter(entry -> entry.operation().equals(operation))
                .count();
    }

    private static CreateActionRequest.Builder request(String instance) {
        return CreateActionRequest.newBuilder()
                .setKind(ActionKind.ACTION_KIND_SNAPSHOT_INSTANCE)
                .setTarget(TestService.target(instance))
                .setReason("evidence")
                .setRequestId(UUID.randomUUID().toString());
    }
}
