package dev.yagura.response;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionState;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.CallRecord;
import dev.yagura.proto.response.v1.CheckOutcome;
import dev.yagura.proto.response.v1.CreateActionRequest;
import dev.yagura.proto.response.v1.EradicationTarget;
import dev.yagura.proto.response.v1.FileLineTarget;
import dev.yagura.proto.response.v1.FileTarget;
import dev.yagura.proto.response.v1.PlannedCall;
import dev.yagura.proto.response.v1.PreflightCheck;
import dev.yagura.proto.response.v1.ProcessTarget;
import dev.yagura.proto.response.v1.Verification;
import dev.yagura.proto.response.v1.VerificationLevel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.ssm.model.DocumentFormat;

/**
 * kill_process, kill_process_tree and quarantine_file through the public contract: the documents
 * really run on this machine, which stands for the host.
 */
class HostActionTest {
    @RegisterExtension static final TestService SERVICE = TestService.with(Map.of());

    private static final TestResponder RESPONDER = TestResponder.of(SERVICE);

    private static final long NANOS = 1_000_000_000;
    private static final String SEND = "ssm:SendCommand";
    private static final String KEY = "AKIASANDBOXDEPLOY001";

    private Path host = Path.of("");
    private Process process;

    @BeforeEach
    void standForTheHost() throws Exception {
        host = SERVICE.folder("host");
        SERVICE.postgres().execute("DELETE FROM action");
        SERVICE.sandbox().clearFaults();
        SERVICE.sandbox().runScriptsOf(TestService.WEB, host);
        process = new ProcessBuilder("sh", "-c", "sleep 300 & echo && exec sleep 300").start();
        assertThat(process.getInputStream().read()).isNotEqualTo(-1);
    }

    @AfterEach
    void leaveNothingBehind() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    @Test
    void planNamesDocumentAndChangesNothing() {
        long before = SERVICE.lastCall();

        Action planned = RESPONDER.plan(kill(ActionKind.ACTION_KIND_KILL_PROCESS_TREE));

        PlannedCall call = planned.getPlan().getCalls(0);
        assertThat(call.getOperation()).isEqualTo(SEND);
        assertThat(call.getParametersMap())
                .containsEntry("DocumentName", "Yagura-KillProcess")
                .containsEntry("DocumentVersion", "1")
                .containsEntry("InstanceIds", TestService.WEB)
                .containsEntry("Comment", "ACTION.apply");
        assertThat(call.getParametersOrThrow("DocumentHash")).hasSize(64);
        assertThat(call.getParametersOrThrow("Parameters"))
                .contains("Pid=" + process.pid(), "Scope=tree");
        assertThat(planned.getPlan().getUndoCallsList()).isEmpty();
        assertThat(String.join("\n", planned.getPlan().getResidualRisksList()))
                .contains("cannot be brought back", "can lie");
        assertThat(planned.getPlan().getChecksList())
                .noneMatch(check -> check.getOutcome() == CheckOutcome.CHECK_OUTCOME_REFUSED);
        assertThat(SERVICE.calls(before, SEND)).isZero();
        assertThat(process.isAlive()).isTrue();
    }

    @Test
    void killsTheTreeForGood() throws Exception {
        long before = SERVICE.lastCall();
        List<ProcessHandle> children = process.descendants().toList();

        Action action = RESPONDER.apply(kill(ActionKind.ACTION_KIND_KILL_PROCESS_TREE));

        assertSucceeded(action);
        assertThat(process.waitFor()).isNotZero();
        assertThat(children).hasSize(1).allMatch(child -> Processes.isGone(child.pid()));
        assertThat(action.getVerificationsList())
                .singleElement()
                .satisfies(verification -> {
                    assertThat(verification.getLevel())
                            .isEqualTo(VerificationLevel.VERIFICATION_LEVEL_HOST_CLAIMED);
                    assertThat(verification.getPassed()).isTrue();
                    assertThat(verification.getDetail())
                            .startsWith("2 gone: " + process.pid() + " (")
                            .contains("sleep");
                });
        assertThat(action.getHostCommandsList())
                .singleElement()
                .satisfies(command -> {
                    assertThat(command.getStatus()).isEqualTo("Success");
                    assertThat(command.getReport()).contains("killed " + process.pid());
                });
        assertThatThrownBy(() -> RESPONDER.undo(action))
                .hasMessageContaining("FAILED_PRECONDITION")
                .hasMessageContaining("cannot be undone");
        assertPolicyFits("kill_process_tree", before);
        assertThat(PolicyFile.allowed("kill_process"))
                .isEqualTo(PolicyFile.allowed("kill_process_tree"));
    }

    @Test
    void oneProcessAloneLeavesItsChildren() {
        List<ProcessHandle> children = process.descendants().toList();

        assertSucceeded(RESPONDER.apply(kill(ActionKind.ACTION_KIND_KILL_PROCESS)));

        assertThat(children).hasSize(1).allMatch(ProcessHandle::isAlive);
        children.forEach(ProcessHandle::destroyForcibly);
    }

    @Test
    void anotherProcessOfThePidIsLeft() {
        Action failed =
                RESPONDER.apply(
                        kill(ActionKind.ACTION_KIND_KILL_PROCESS)
                                .setTarget(onProcess(start() - 60 * NANOS)));

        assertThat(failed.getState()).isEqualTo(ActionState.ACTION_STATE_FAILED);
        assertThat(failed.getStateReason())
                .contains("the host refused", "it is another one", "nothing was changed");
        assertThat(process.isAlive()).isTrue();

        assertSucceeded(RESPONDER.apply(kill(ActionKind.ACTION_KIND_KILL_PROCESS)));
    }

    @Test
    void theSameRequestKillsOnce() {
        long before = SERVICE.lastCall();
        CreateActionRequest request = kill(ActionKind.ACTION_KIND_KILL_PROCESS).build();

        String first = SERVICE.actions().createAction(request).getName();
        assertThat(SERVICE.actions().createAction(request).getName()).isEqualTo(first);
        assertSucceeded(RESPONDER.settled(first));
        assertThat(SERVICE.actions().createAction(request).getName()).isEqualTo(first);

        assertThat(SERVICE.calls(before, SEND)).isOne();
    }

    @Test
    void aLostReplyIsNoSecondCommand() {
        long before = SERVICE.lastCall();
        SERVICE.sandbox().loseReply(SEND);

        Action action = RESPONDER.apply(kill(ActionKind.ACTION_KIND_KILL_PROCESS));

        assertSucceeded(action);
        assertThat(SERVICE.calls(before, SEND)).isOne();
        assertThat(action.getCallsList())
                .singleElement()
                .satisfies(call -> assertThat(call.getError()).contains("no answer"));
    }

    @Test
    void quarantineAndUndoLeaveTheFileAsItWas() throws Exception {
        long before = SERVICE.lastCall();
        Path file = file();

        Action action = RESPONDER.apply(quarantine(file));

        assertSucceeded(action);
        assertThat(file).doesNotExist();
        assertThat(action.getVerifications(0).getDetail())
                .contains(file + " is in the quarantine", sha256(file()), "mode 640");
        Files.delete(file);
        assertRefusedBecauseHeld(file, action);

        Action undone = RESPONDER.undo(action);

        assertThat(undone.getState())
                .as(undone.getStateReason())
                .isEqualTo(ActionState.ACTION_STATE_UNDONE);
        assertThat(undone.getDriftList()).isEmpty();
        assertThat(file).hasContent("mine");
        assertThat(Files.getAttribute(file, "unix:mode")).isEqualTo(0100640);
        assertThat(Files.getLastModifiedTime(file).toInstant())
                .isEqualTo(Instant.parse("2026-02-03T04:05:06.789Z"));
        assertPolicyFits("quarantine_file", before);
    }

    @Test
    void undoThatTheHostRefusesCanBeTriedAgain() throws Exception {
        Path file = file();
        Action action = RESPONDER.apply(quarantine(file));
        Files.writeString(file, "in its place");

        Action failed = RESPONDER.undo(action);

        assertThat(failed.getState()).isEqualTo(ActionState.ACTION_STATE_UNDO_FAILED);
        assertThat(failed.getStateReason()).contains("something is at the file's place now");
        assertThat(file).hasContent("in its place");
        Files.delete(file);
        assertThat(RESPONDER.undo(action).getState()).isEqualTo(ActionState.ACTION_STATE_UNDONE);
        assertThat(file).hasContent("mine");
    }

    @Test
    void aHostThatSystemsManagerDoesNotReachIsRefused() {
        SERVICE.sandbox().setAgentRunning("web-1", false);
        try {
            SERVICE.sandbox().advance(Duration.ofMinutes(10));

            assertThatThrownBy(() ->
                            SERVICE.actions()
                                    .createAction(
                                            kill(ActionKind.ACTION_KIND_KILL_PROCESS).build()))
                    .hasMessageContaining("FAILED_PRECONDITION")
                    .hasMessageContaining("Systems Manager reaches it")
                    .hasMessageContaining("isolate the instance");
        } finally {
            SERVICE.sandbox().setAgentRunning("web-1", true);
        }
    }

    @Test
    void eradicatesFindingsAndPutsBackWhatCanBe() throws Exception {
        long before = SERVICE.lastCall();
        Path file = file();
        Path table =
                Files.writeString(host.resolve("crontab"), "* * * * * /tmp/.x\n5 5 * * * ok\n");
        CreateActionRequest.Builder request =
                eradicate(
                        EradicationTarget.newBuilder()
                                .addProcesses(onProcess(start()).getProcess())
                                .addFiles(quarantine(file).getTarget().getFile())
                                .addLines(line(table))
                                .addAccessKeyIds(KEY));
        Action planned = RESPONDER.plan(request);
        assertThat(planned.getPlan().getCallsList())
                .extracting(PlannedCall::getOperation)
                .containsExactly("iam:UpdateAccessKey", SEND);
        assertThat(planned.getPlan().getCalls(0).getBefore()).matches("Active, .*used.*");
        assertThat(planned.getPlan().getChecksList())
                .extracting(PreflightCheck::getLabel)
                .contains(
                        "the instance is running",
                        KEY + ": it is not a key of the platform",
                        KEY + ": what loses access");
        assertThat(planned.getPlan().getUndoCallsList())
                .extracting(PlannedCall::getOperation)
                .containsExactly(SEND, "iam:UpdateAccessKey");
        assertThat(planned.getPlan().getUndoCalls(0).getParametersMap())
                .containsEntry("DocumentName", "Yagura-RestoreEradicated");
        assertThat(planned.getPlan().getUndoCalls(0).getAfter())
                .isEqualTo("file " + file + "; a line of " + table);

        Action action = RESPONDER.apply(request);

        assertSucceeded(action);
        assertThat(action.getVerificationsList())
                .extracting(Verification::getDetail)
                .containsExactly(
                        "3 of 3 looked for again and not found: process %d; file"
                                        .formatted(process.pid())
                                + " %s; a line of %s".formatted(file, table),
                        KEY + " of deploy is Inactive");
        assertThat(action.getVerificationsList())
                .extracting(Verification::getLevel)
                .containsExactly(
                        VerificationLevel.VERIFICATION_LEVEL_HOST_CLAIMED,
                        VerificationLevel.VERIFICATION_LEVEL_CONFIG_READ);
        assertThat(action.getCallsList())
                .extracting(CallRecord::getOperation)
                .containsExactly("iam:UpdateAccessKey", SEND);
        assertThat(process.waitFor()).isNotZero();
        assertThat(file).doesNotExist();
        assertThat(table).hasContent("5 5 * * * ok\n");
        assertThatThrownBy(
                        () -> RESPONDER.create(request.setRequestId(UUID.randomUUID().toString())))
                .hasMessageContaining(action.getName());

        Action undone = RESPONDER.undo(action);

        assertThat(undone.getState())
                .as(undone.getStateReason())
                .isEqualTo(ActionState.ACTION_STATE_UNDONE);
        assertThat(file).hasContent("mine");
        assertThat(table).hasContent("* * * * * /tmp/.x\n5 5 * * * ok\n");
        assertThat(undone.getDriftList()).isEmpty();
        assertThat(undone.getVerificationsList().getLast().getDetail())
                .isEqualTo(KEY + " of deploy is Active");
        assertPolicyFits("eradicate", before);
    }

    @Test
    void aFindingThatIsAnotherIsNoSuccessAndTheRestCanBePutBack() throws Exception {
        Path file = file();
        Path table = Files.writeString(host.resolve("crontab"), "* * * * * /tmp/.x\n");

        Action failed =
                RESPONDER.apply(
                        eradicate(
                                EradicationTarget.newBuilder()
                                        .addFiles(
                                                quarantine(file.toString(), "0".repeat(64))
                                                        .getTarget()
                                                        .getFile())
                                        .addLines(line(table))));

        assertThat(failed.getState()).isEqualTo(ActionState.ACTION_STATE_FAILED);
        assertThat(failed.getStateReason())
                .contains(
                        "1 of 2", "it is another file, something is at its path", "undo puts back");
        assertThat(failed.getVerifications(0).getPassed()).isFalse();
        assertThat(file).hasContent("mine");
        assertThat(table).isEmptyFile();
        assertThat(RESPONDER.undo(failed).getState()).isEqualTo(ActionState.ACTION_STATE_UNDONE);
        assertThat(table).hasContent("* * * * * /tmp/.x\n");
    }

    @Test
    void collectingWithoutABucketIsRefused() {
        assertThatThrownBy(() ->
                        RESPONDER.create(
                                TestResponder.request(
                                        ActionKind.ACTION_KIND_COLLECT_TRIAGE,
                                        TestService.target(TestService.WEB))))
                .hasMessageContaining("FAILED_PRECONDITION")
                .hasMessageContaining("there is a bucket for archives")
                .hasMessageContaining("set yagura.response.triage.bucket");
    }

    @Test
    void aDocumentWithAnotherContentIsRefused() {
        String shipped =
                SERVICE.ssm()
                        .getDocument(r ->
                                r.name("Yagura-KillProcess").documentFormat(DocumentFormat.JSON))
                        .content();
        String version = update(shipped.replace("tolerance=2000000000", "tolerance=9"));
        try {
            assertThatThrownBy(() ->
                            SERVICE.actions()
                                    .createAction(
                                            kill(ActionKind.ACTION_KIND_KILL_PROCESS).build()))
                    .hasMessageContaining("FAILED_PRECONDITION")
                    .hasMessageContaining("version " + version + " has another content")
                    .hasMessageContaining("update-document");
        } finally {
            SERVICE.ssm()
                    .updateDocumentDefaultVersion(
                            r -> r.name("Yagura-KillProcess").documentVersion("1"));
        }
        assertSucceeded(RESPONDER.apply(kill(ActionKind.ACTION_KIND_KILL_PROCESS)));
    }

    @Test
    void targetsMustFitTheirKind() {
        assertInvalid(
                kill(ActionKind.ACTION_KIND_KILL_PROCESS)
                        .setTarget(TestService.target(TestService.WEB)),
                "target.process");
        assertInvalid(kill(ActionKind.ACTION_KIND_ISOLATE_INSTANCE), "target.process");
        assertInvalid(
                kill(ActionKind.ACTION_KIND_KILL_PROCESS).setTarget(onProcess(0)),
                "target.process.start_time_ns");
        assertInvalid(quarantine("relative/path", "0".repeat(64)), "target.file.path");
        assertInvalid(quarantine("/tmp/x", "ABC"), "target.file.sha256");
        assertInvalid(
                kill(ActionKind.ACTION_KIND_ERADICATE)
                        .setTarget(TestService.target(TestService.WEB)),
                "target.eradication");
        EradicationTarget.Builder none = EradicationTarget.newBuilder();
        assertInvalid(eradicate(none), "has 0 findings");
        assertInvalid(eradicate(none.clone().addUnits("x; rm")), "target.eradication.units");
        assertInvalid(eradicate(none.clone().addUsers("-r")), "target.eradication.users");
        assertInvalid(
                eradicate(none.clone().addLines(line(Path.of("/x")).setLine("a\nb"))),
                "target.eradication.lines.line");
        assertInvalid(
                eradicate(none.clone().addLines(line(Path.of("x")))),
                "target.eradication.lines.path");
        assertInvalid(
                eradicate(none.clone().addAllUsers(Collections.nCopies(21, "a"))),
                "has 21 findings");
        assertInvalid(
                eradicate(none.clone().addProcesses(ProcessTarget.newBuilder().setPid(2))),
                "target.eradication.processes.start_time_ns");
        assertInvalid(
                eradicate(none.clone().addAccessKeyIds(KEY)),
                "for access keys alone, ACTION_KIND_DISABLE_ACCESS_KEY");
        EradicationTarget.Builder one = none.clone().addUnits("miner.service");
        String keys = "target.eradication.access_key_ids: has ";
        assertInvalid(
                eradicate(one.clone().addAllAccessKeyIds(Collections.nCopies(21, KEY))),
                keys + "21 access keys");
        assertInvalid(
                eradicate(one.clone().addAccessKeyIds(KEY).addAccessKeyIds("AKIA")),
                keys + "AKIA, which is no access key id");
        assertInvalid(
                eradicate(one.clone().addAccessKeyIds("ASIASANDBOXSESSION01")),
                keys + "ASIASANDBOXSESSION01, which is the key of a session");
        assertInvalid(
                eradicate(one.clone().addAccessKeyIds(KEY).addAccessKeyIds(KEY)), "more than once");
    }

    private String update(String content) {
        String version =
                SERVICE.ssm()
                        .updateDocument(r ->
                                r.name("Yagura-KillProcess")
                                        .documentVersion("$LATEST")
                                        .documentFormat(DocumentFormat.JSON)
                                        .content(content))
                        .documentDescription()
                        .documentVersion();
        SERVICE.ssm()
                .updateDocumentDefaultVersion(
                        r -> r.name("Yagura-KillProcess").documentVersion(version));
        return version;
    }

    private static void assertInvalid(CreateActionRequest.Builder request, String field) {
        assertThatThrownBy(() -> SERVICE.actions().createAction(request.build()))
                .hasMessageContaining("INVALID_ARGUMENT")
                .hasMessageContaining(field);
    }

    private static CreateActionRequest.Builder eradicate(EradicationTarget.Builder findings) {
        return TestResponder.request(
                ActionKind.ACTION_KIND_ERADICATE,
                TestService.target(TestService.WEB).toBuilder().setEradication(findings).build());
    }

    private static FileLineTarget.Builder line(Path file) {
        return FileLineTarget.newBuilder().setPath(file.toString()).setLine("* * * * * /tmp/.x");
    }

    private void assertRefusedBecauseHeld(Path file, Action holder) throws Exception {
        assertThatThrownBy(() -> SERVICE.actions().createAction(quarantine(file()).build()))
                .hasMessageContaining("FAILED_PRECONDITION")
                .hasMessageContaining(holder.getName());
        Files.delete(file);
    }

    private static void assertPolicyFits(String kind, long since) throws Exception {
        PolicyFile.assertFits(SERVICE, kind, since, "ssm:ListCommands", "ssm:CancelCommand");
    }

    private static void assertSucceeded(Action action) {
        assertThat(action.getState())
                .as(action.getStateReason())
                .isEqualTo(ActionState.ACTION_STATE_SUCCEEDED);
    }

    private CreateActionRequest.Builder kill(ActionKind kind) {
        return TestResponder.request(kind, onProcess(start()));
    }

    private ActionTarget onProcess(long start) {
        return TestService.target(TestService.WEB).toBuilder()
                .setProcess(
                        ProcessTarget.newBuilder()
                                .setPid((int) process.pid())
                                .setStartTimeNs(start))
                .build();
    }

    private long start() {
        Instant start = process.info().startInstant().orElseThrow();
        return start.getEpochSecond() * NANOS + start.getNano();
    }

    private Path file() throws Exception {
        Path file = host.resolve("miner");
        Files.writeString(file, "mine");
        Files.setAttribute(file, "unix:mode", 0100640);
        Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2026-02-03T04:05:06.789Z")));
        return file;
    }

    private static CreateActionRequest.Builder quarantine(Path file) throws Exception {
        return quarantine(file.toAbsolutePath().toString(), sha256(file));
    }

    private static CreateActionRequest.Builder quarantine(String path, String sha256) {
        return TestResponder.request(
                ActionKind.ACTION_KIND_QUARANTINE_FILE,
                TestService.target(TestService.WEB).toBuilder()
                        .setFile(FileTarget.newBuilder().setPath(path).setSha256(sha256))
                        .build());
    }

    private static String sha256(Path file) throws Exception {
        return HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
    }
}
