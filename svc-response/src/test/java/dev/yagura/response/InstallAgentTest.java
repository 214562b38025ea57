package dev.yagura.response;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionState;
import dev.yagura.proto.response.v1.CheckOutcome;
import dev.yagura.proto.response.v1.CreateActionRequest;
import dev.yagura.proto.response.v1.PlannedCall;
import dev.yagura.proto.response.v1.PreflightCheck;
import dev.yagura.response.host.TestPackage;
import dev.yagura.sandbox.front.JournalEntry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * install_agent through the public contract: the documents really run on this machine, and fetch a
 * package and a token from the sandbox.
 */
class InstallAgentTest {
    @RegisterExtension
    static final TestService SERVICE = TestService.with(TestPackage.USUAL.settings());

    private static final TestResponder RESPONDER = TestResponder.of(SERVICE);
    private static final String SEND = "ssm:SendCommand";

    private Path host = Path.of("");

    @BeforeEach
    void standForTheHost() throws Exception {
        host = SERVICE.folder("host");
        TestPackage.prepare(host);
        SERVICE.postgres().execute("DELETE FROM action");
        SERVICE.sandbox().clearFaults();
        SERVICE.sandbox().runScriptsOf(TestService.WEB, host);
        TestPackage.USUAL.put(SERVICE);
    }

    @Test
    void planNamesWhatComesFromWhereAndSignsNothing() {
        long before = SERVICE.lastCall();

        Action planned = RESPONDER.plan(request());

        assertThat(planned.getPlan().getCallsList())
                .extracting(PlannedCall::getOperation)
                .containsExactly(SEND, "s3:GetObject", "s3:GetObject");
        PlannedCall send = planned.getPlan().getCalls(0);
        assertThat(send.getParametersMap()).containsEntry("DocumentName", "Yagura-InstallAgent");
        assertThat(send.getParametersOrThrow("Parameters"))
                .contains("Sha256=" + TestPackage.USUAL.sha256(), "Gateway=edr.example.com:7443")
                .doesNotContain("Fetch");
        assertThat(planned.getPlan().getUndoCalls(0).getParametersOrThrow("DocumentName"))
                .isEqualTo("Yagura-RemoveAgent");
        assertThat(planned.getPlan().getCalls(2).getParametersMap())
                .containsEntry("Key", "tokens/111122223333/ap-northeast-1");
        assertThat(planned.getPlan().getChecksList())
                .noneMatch(check -> check.getOutcome() == CheckOutcome.CHECK_OUTCOME_REFUSED);
        assertThat(String.join("\n", planned.getPlan().getResidualRisksList()))
                .contains("For 300 s whoever reads them", "does not revoke the agent");
        assertThat(SERVICE.calls(before, SEND)).isZero();
    }

    @Test
    void installsEnrolsStartsAndTakesItAllBack() throws Exception {
        long before = SERVICE.lastCall();

        Action action = RESPONDER.apply(request());

        assertThat(action.getState())
                .as(action.getStateReason())
                .isEqualTo(ActionState.ACTION_STATE_SUCCEEDED);
        assertThat(action.getVerifications(0).getDetail())
                .contains("yagura-agent 9.9 is installed", "./yagura coverage");
        Path unit = host.resolve("etc/systemd/system/yagura-agent.service");
        assertThat(unit).hasContent("unit of 9.9");
        assertThat(host.resolve("active")).exists();
        assertNobodyWroteTheToken(before, action);
        assertThat(refusals(RESPONDER.plan(request()))).as("it may be installed again").isEmpty();

        Action undone = RESPONDER.undo(action);

        assertThat(undone.getState())
                .as(undone.getStateReason())
                .isEqualTo(ActionState.ACTION_STATE_UNDONE);
        assertThat(unit).doesNotExist();
        assertThat(undone.getVerificationsList().getLast().getDetail())
                .contains("it stays enrolled until it is revoked");
        PolicyFile.assertFits(
                SERVICE, "install_agent", before, "ssm:ListCommands", "ssm:CancelCommand");
    }

    @Test
    void theAgentsOwnChannelProvesThatItRuns() throws Exception {
        try (TestAgent agent = TestAgent.on(SERVICE, TestService.WEB, SERVICE.folder("agent"))) {
            Action action = RESPONDER.apply(request());

            assertThat(action.getState())
                    .as(action.getStateReason())
                    .isEqualTo(ActionState.ACTION_STATE_SUCCEEDED);
            assertThat(action.getHostCommands(0).getAgent()).as("by Systems Manager").isEmpty();
            assertThat(action.getPlan().getChecksList())
                    .anySatisfy(check ->
                            assertThat(check.getDetail()).contains("does not replace itself"));
            assertThat(action.getVerifications(0).getDetail())
                    .contains(agent.name(), "has its command channel open");
        }
    }

    @Test
    void refusesWithoutPackageTokenOrWayToTheHost() {
        TestPackage.putToken(SERVICE, "");
        assertThat(refusals(RESPONDER.plan(request())))
                .contains("s3://yagura-triage/tokens/111122223333/ap-northeast-1")
                .contains("./yagura agents enrollment-token --account 111122223333");

        TestPackage.putToken(SERVICE, "used up");
        Action failed = RESPONDER.apply(request());
        assertThat(failed.getState()).isEqualTo(ActionState.ACTION_STATE_FAILED);
        assertThat(failed.getStateReason())
                .contains("the host refused: the agent cannot enrol: the token is not known");
        assertThat(host.resolve("etc")).doesNotExist();
    }

    @Test
    void serviceThatDoesNotStartFailsAndCanBeUndone() throws Exception {
        Files.createFile(host.resolve("broken"));

        Action failed = RESPONDER.apply(request());

        assertThat(failed.getState()).isEqualTo(ActionState.ACTION_STATE_FAILED);
        assertThat(failed.getStateReason()).contains("systemd does not start");
        assertThat(RESPONDER.undo(failed).getState()).isEqualTo(ActionState.ACTION_STATE_UNDONE);
        assertThat(host.resolve("etc/systemd/system/yagura-agent.service")).doesNotExist();
    }

    private static CreateActionRequest.Builder request() {
        return TestResponder.request(
                ActionKind.ACTION_KIND_INSTALL_AGENT, TestService.target(TestService.WEB));
    }

    private static String refusals(Action planned) {
        return planned.getPlan().getChecksList().stream()
                .filter(check -> check.getOutcome() == CheckOutcome.CHECK_OUTCOME_REFUSED)
                .map(PreflightCheck::toString)
                .collect(Collectors.joining("\n"));
    }

    /** Not where Systems Manager or CloudTrail keep what was sent, and not in the record. */
    private static void assertNobodyWroteTheToken(long since, Action action) {
        assertThat(SERVICE.sandbox().journal(since))
                .filteredOn(entry -> entry.operation().equals(SEND))
                .singleElement()
                .extracting(JournalEntry::parameters)
                .asString()
                .contains("Parameters.Fetch.1")
                .doesNotContain(TestPackage.TOKEN);
        assertThat(action.toString()).doesNotContain("X-Amz-Signature", TestPackage.TOKEN);
    }
}
