package dev.yagura.response;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yagura.common.config.InvalidSettingException;
import dev.yagura.common.config.Settings;
import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionFilter;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionState;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.ApproveActionRequest;
import dev.yagura.proto.response.v1.CheckOutcome;
import dev.yagura.proto.response.v1.CommandResult;
import dev.yagura.proto.response.v1.CreateActionRequest;
import dev.yagura.proto.response.v1.DocumentParameter;
import dev.yagura.proto.response.v1.ListActionsRequest;
import dev.yagura.proto.response.v1.PlannedCall;
import dev.yagura.proto.response.v1.RunCommandTarget;
import dev.yagura.proto.response.v1.TagTarget;
import dev.yagura.proto.response.v1.UndoActionRequest;
import dev.yagura.proto.response.v1.VerificationLevel;
import dev.yagura.response.command.CommandConfig;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** run_command through the public contract, against the sandbox, with the product's role. */
class RunCommandTest {
    @RegisterExtension
    static final TestService SERVICE =
            TestService.with(
                    Map.of(
                            "yagura.response.run-command.documents",
                            String.join(
                                    ",",
                                    TestDocument.RESTART.entry(),
                                    TestDocument.FREE.entry(),
                                    "Shop-Missing@1=" + TestDocument.RESTART.sha256(),
                                    "Shop-Changed@1=" + TestDocument.FREE.sha256()),
                            "yagura.response.run-command.any-script-documents",
                            TestDocument.SHELL.entry(),
                            "yagura.response.run-command.poll",
                            "PT0.02S",
                            "yagura.response.run-command.output-bucket",
                            "shop-output",
                            "yagura.response.action.poll",
                            "PT0.02S"));

    private static final TestResponder RESPONDER =
            new TestResponder(SERVICE, Duration.ofSeconds(1));

    private static final String SEND = "ssm:SendCommand";

    @BeforeAll
    static void createDocuments() {
        SERVICE.sandbox().freezeClock();
        TestDocument.RESTART.create(SERVICE.ssm());
        TestDocument.FREE.create(SERVICE.ssm());
        TestDocument.RESTART.create(SERVICE.ssm(), "Shop-Changed");
    }

    @BeforeEach
    void noActions() {
        SERVICE.postgres().execute("DELETE FROM action");
        SERVICE.sandbox().clearFaults();
        arrange(null, 0, "restarted\n");
    }

    @Test
    void planPinsTheDocumentAndSendsNothing() {
        long before = SERVICE.lastCall();

        Action planned =
                RESPONDER.plan(request(on(TestDocument.RESTART, TestService.WEB, TestService.APP)));

        PlannedCall call = planned.getPlan().getCalls(0);
        assertThat(call.getOperation()).isEqualTo(SEND);
        assertThat(call.getParametersMap())
                .containsEntry("DocumentName", "Shop-Restart")
                .containsEntry("DocumentVersion", "1")
                .containsEntry("DocumentHash", TestDocument.RESTART.sha256())
                .containsEntry("InstanceIds", TestService.APP + "," + TestService.WEB)
                .containsEntry("Comment", "ACTION.apply")
                .containsEntry("MaxErrors", "0")
                .containsEntry("Parameters", "{Unit=[shop]}");
        assertThat(planned.getPlan().getUndoCallsList()).isEmpty();
        assertThat(String.join("\n", planned.getPlan().getResidualRisksList()))
                .contains("no undo", "outcome unknown", "can lie");
        assertThat(planned.getPlan().getChecksList())
                .noneMatch(check -> check.getOutcome() == CheckOutcome.CHECK_OUTCOME_REFUSED);
        assertThat(SERVICE.calls(before, SEND)).isZero();
    }

    @Test
    void runsOnEachAndKeepsWhatEachSaid() throws Exception {
        long before = SERVICE.lastCall();
        arrange("app-1", 0, "x".repeat(30_000));

        Action action = run(on(TestDocument.RESTART, TestService.WEB, TestService.APP).build());

        assertThat(action.getState())
                .as(action.getStateReason())
                .isEqualTo(ActionState.ACTION_STATE_SUCCEEDED);
        assertThat(SERVICE.calls(before, SEND)).isOne();
        assertThat(action.getCommandRun().getResultsList())
                .extracting(CommandResult::getStatus)
                .containsExactly("Success", "Success");
        CommandResult app = result(action, TestService.APP);
        assertThat(app.getOutputCut()).isTrue();
        assertThat(app.getOutput()).hasSize(24_000);
        assertThat(app.getOutputUrl()).contains("shop-output");
        CommandResult web = result(action, TestService.WEB);
        assertThat(web.getOutput()).isEqualTo("restarted\n");
        assertThat(web.getOutputCut()).isFalse();
        assertThat(action.getVerificationsList())
                .singleElement()
                .satisfies(verification -> {
                    assertThat(verification.getLevel())
                            .isEqualTo(VerificationLevel.VERIFICATION_LEVEL_CONFIG_READ);
                    assertThat(verification.getDetail())
                            .contains("2 of 2 hosts", "output is cut of " + TestService.APP);
                });
        PolicyFile.assertFits(SERVICE, "run_command", before, "ssm:ListCommands");
        assertThatThrownBy(() ->
                        SERVICE.actions()
                                .undoAction(
                                        UndoActionRequest.newBuilder()
                                                .setName(action.getName())
                                                .setReason("no")
                                                .build()))
                .hasMessageContaining("cannot be undone");
    }

    @Test
    void tagsChooseTheInstancesWhenItIsSent() {
        Action action = run(tagged("production", "0").build());

        assertThat(action.getState())
                .as(action.getStateReason())
                .isEqualTo(ActionState.ACTION_STATE_SUCCEEDED);
        assertThat(action.getCommandRun().getInstanceIdsList())
                .containsExactly(TestService.DB, TestService.APP, TestService.WEB);
        assertRefused(tagged("nowhere", "0"), "there are 1 to 50 instances", "none runs");
        protect(TestService.DB, true);
        try {
            assertRefused(tagged("production", "0"), "it is not protected", TestService.DB);
        } finally {
            protect(TestService.DB, false);
        }
    }

    @Test
    void moreFailuresThanAllowedFailTheAction() {
        arrange("app-1", 3, "");

        Action failed = run(tagged("production", "0").setMaxConcurrency("1").build());

        assertThat(failed.getState()).isEqualTo(ActionState.ACTION_STATE_FAILED);
        assertThat(failed.getStateReason())
                .contains(
                        "more hosts failed than max_errors 0",
                        "1 of 3 hosts ended with Success",
                        TestService.APP + " (Failed, exit code 3)",
                        TestService.WEB + " (Terminated");

        Action passed = run(tagged("production", "34%").build());

        assertThat(passed.getState())
                .as(passed.getStateReason())
                .isEqualTo(ActionState.ACTION_STATE_SUCCEEDED);
        assertThat(passed.getVerifications(0).getDetail()).contains("not " + TestService.APP);
    }

    @Test
    void refusesWhatIsNotOnTheListAsItIs() {
        assertRefused(named("AWS-UpdateSSMAgent"), "is on the allow-list", "Shop-Restart@1");
        assertRefused(named("Shop-Missing"), "content is the one", "has no version 1");
        assertRefused(named("Shop-Changed"), "content is the one", TestDocument.RESTART.sha256());
        assertRefused(
                on(TestDocument.FREE, TestService.WEB),
                "runs only what its author wrote",
                "Text takes any text");
    }

    @Test
    void documentsThatRunAnyTextNeedTwoPersons() {
        Action waiting =
                SERVICE.actions()
                        .createAction(request(on(TestDocument.SHELL, TestService.WEB)).build());

        assertThat(waiting.getState()).isEqualTo(ActionState.ACTION_STATE_AWAITING_APPROVAL);
        assertThat(waiting.getPlan().getChecksList())
                .anyMatch(check ->
                        check.getOutcome() == CheckOutcome.CHECK_OUTCOME_WARNING
                                && check.getRemedy().contains("two persons"));
        assertThatThrownBy(() ->
                        SERVICE.actions()
                                .approveAction(
                                        ApproveActionRequest.newBuilder()
                                                .setName(waiting.getName())
                                                .build()))
                .hasMessageContaining("needs two persons");
    }

    @Test
    void othersAccountsAndInstancesAreOutOfReach() {
        ActionTarget foreign =
                ActionTarget.newBuilder()
                        .setScope(TestService.TOKYO.toBuilder().setAccountId("444455556666"))
                        .setRunCommand(on(TestDocument.RESTART, TestService.WEB))
                        .build();
        assertThatThrownBy(() ->
                        SERVICE.actionsOf(Set.of("111122223333"))
                                .createAction(
                                        TestResponder.request(
                                                        ActionKind.ACTION_KIND_RUN_COMMAND, foreign)
                                                .setReason("maintenance")
                                                .setRequestId(UUID.randomUUID().toString())
                                                .build()))
                .hasMessageContaining("PERMISSION_DENIED");
        assertThatThrownBy(() ->
                        SERVICE.actions()
                                .createAction(
                                        request(on(TestDocument.RESTART, "i-00000000000000000"))
                                                .build()))
                .hasMessageContaining("NOT_FOUND");
    }

    @Test
    void sameCommandIsNotGivenTwiceAtATime() {
        RunCommandTarget target = on(TestDocument.RESTART, TestService.WEB).build();
        arrange("web-1", 0, "slow", Duration.ofHours(1));
        Action first = SERVICE.actions().createAction(request(target.toBuilder()).build());

        assertThatThrownBy(
                        () -> SERVICE.actions().createAction(request(target.toBuilder()).build()))
                .hasMessageContaining(first.getName());
        SERVICE.actions()
                .createAction(
                        request(on(TestDocument.RESTART, TestService.WEB, TestService.APP))
                                .build());
        assertThat(
                        SERVICE.actions()
                                .listActions(
                                        ListActionsRequest.newBuilder()
                                                .setFilter(
                                                        ActionFilter.newBuilder()
                                                                .setInstanceId(TestService.WEB))
                                                .build())
                                .getActionsList())
                .extracting(Action::getName)
                .containsExactly(first.getName());
        SERVICE.sandbox().advance(Duration.ofHours(2));
        assertThat(RESPONDER.settled(first.getName()).getState())
                .isEqualTo(ActionState.ACTION_STATE_SUCCEEDED);
    }

    @Test
    void refusesWhatIsNoTarget() {
        RunCommandTarget.Builder both = tagged("production", "0").addInstanceIds(TestService.WEB);
        assertInvalid(both, "target.run_command.instance_ids");
        assertInvalid(named("Shop-Restart").clearInstanceIds(), "target.run_command.instance_ids");
        assertInvalid(on(TestDocument.RESTART, TestService.WEB, TestService.WEB), "instance_ids");
        assertInvalid(tagged("prod*", "0"), "target.run_command.tags.values");
        assertInvalid(tagged("production", "-1"), "target.run_command.max_errors");
        assertInvalid(named("a b"), "target.run_command.document");
        assertThatThrownBy(() ->
                        SERVICE.actions()
                                .createAction(
                                        request(on(TestDocument.RESTART, TestService.WEB))
                                                .setKind(ActionKind.ACTION_KIND_ISOLATE_INSTANCE)
                                                .build()))
                .hasMessageContaining("target.instance_id");
    }

    @Test
    void refusesListsThatCannotWork() {
        assertInvalidSetting("documents", TestDocument.SHELL.entry(), "any-script-documents");
        assertInvalidSetting("documents", "Shop-Restart", "NAME@VERSION=SHA256");
        assertInvalidSetting(
                "documents",
                TestDocument.RESTART.entry() + "," + TestDocument.RESTART.entry(),
                "twice");
        assertInvalidSetting("delivery-timeout", "PT5S", "PT30S");
    }

    private static void assertInvalidSetting(String key, String value, String problem) {
        String name = "yagura.response.run-command." + key;
        Settings settings = Settings.of("yagura.response", Map.of(name, value));
        assertThatThrownBy(() -> CommandConfig.from(settings))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageContaining(name)
                .hasMessageContaining(problem);
    }

    private static void assertInvalid(RunCommandTarget.Builder target, String field) {
        assertThatThrownBy(() -> SERVICE.actions().createAction(request(target).build()))
                .hasMessageContaining("INVALID_ARGUMENT")
                .hasMessageContaining(field);
    }

    private static void assertRefused(
            RunCommandTarget.Builder target, String label, String detail) {
        assertThatThrownBy(() -> SERVICE.actions().createAction(request(target).build()))
                .hasMessageContaining("FAILED_PRECONDITION")
                .hasMessageContaining(label)
                .hasMessageContaining(detail);
    }

    private static void protect(String instance, boolean protect) {
        if (protect) {
            SERVICE.operator()
                    .createTags(r ->
                            r.resources(instance)
                                    .tags(t -> t.key("yagura:protected").value("true")));
        } else {
            SERVICE.operator()
                    .deleteTags(r -> r.resources(instance).tags(t -> t.key("yagura:protected")));
        }
    }

    private static RunCommandTarget.Builder named(String document) {
        return RunCommandTarget.newBuilder().setDocument(document).addInstanceIds(TestService.WEB);
    }

    private static RunCommandTarget.Builder on(TestDocument document, String... instances) {
        RunCommandTarget.Builder target =
                RunCommandTarget.newBuilder()
                        .setDocument(document.title())
                        .addAllInstanceIds(List.of(instances));
        document.parameters()
                .forEach((name, value) ->
                        target.addParameters(
                                DocumentParameter.newBuilder().setName(name).addValues(value)));
        return target;
    }

    private static RunCommandTarget.Builder tagged(String environment, String maxErrors) {
        return on(TestDocument.RESTART)
                .setMaxErrors(maxErrors)
                .addTags(TagTarget.newBuilder().setKey("Environment").addValues(environment));
    }

    private static void arrange(@Nullable String instance, int exitCode, String output) {
        arrange(instance, exitCode, output, Duration.ofSeconds(1));
    }

    private static void arrange(
            @Nullable String instance, int exitCode, String output, Duration duration) {
        SERVICE.sandbox().arrangeOutcome(instance, "systemctl", exitCode, output, duration);
    }

    private static CommandResult result(Action action, String instance) {
        return action.getCommandRun().getResultsList().stream()
                .filter(each -> each.getInstanceId().equals(instance))
                .findFirst()
                .orElseThrow();
    }

    private static Action run(RunCommandTarget target) {
        return RESPONDER.settled(
                SERVICE.actions().createAction(request(target.toBuilder()).build()).getName());
    }

    private static CreateActionRequest.Builder request(RunCommandTarget.Builder target) {
        return TestResponder.request(
                ActionKind.ACTION_KIND_RUN_COMMAND,
                ActionTarget.newBuilder()
                        .setScope(TestService.TOKYO)
                        .setRunCommand(target)
                        .build());
    }
}
