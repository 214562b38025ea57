package dev.yagura.response.action;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.common.identity.Principal;
import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionState;
import dev.yagura.proto.response.v1.CheckOutcome;
import dev.yagura.response.TestService;
import dev.yagura.sandbox.control.CredentialsView;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.Credentials;

/** contain_role_session where the stolen session went on to other roles. */
class ChainedSessionsTest {
    @RegisterExtension
    static final IdleService IDLE =
            IdleService.with(
                    Map.of("yagura.response.credentials.ssm-wait", "PT0.001S"),
                    Duration.ofSeconds(1));

    private static final TestService SERVICE = IDLE.service();
    private static final String REPORTS = "shop-reports";
    private static final String ARCHIVE = "shop-archive";

    /** CloudTrail has told of everything by then. */
    private static final Duration TOLD = Duration.ofMinutes(6);

    private CredentialsView stolen = keys("none");
    private CredentialsView reports = keys("none");
    private CredentialsView archive = keys("none");

    @Test
    void deniesExactlyTheSessionsThatCameOfIt() {
        CredentialsView nightly =
                assume(SERVICE.sandbox().takeCredentials("db-1"), REPORTS, "nightly");
        steal();
        SERVICE.sandbox().advance(TOLD);

        UUID id = create();
        Action planned = IDLE.action(id);
        IDLE.runners().runToTheEnd();

        assertThat(planned.getPlan().getCallsList())
                .filteredOn(call -> call.getOperation().equals("iam:PutRolePolicy"))
                .extracting(call -> call.getParametersOrThrow("RoleName"))
                .containsExactly("app-instance", REPORTS, ARCHIVE);
        Action contained = assertContained(id);
        assertThat(contained.getVerificationsList().getLast().getDetail())
                .contains(":exfil", ":onward", REPORTS, ARCHIVE);
        assertThat(SERVICE.isAllowed(nightly)).as("somebody else's session of the role").isTrue();

        IDLE.undo(id);
        IDLE.runners().runToTheEnd();
        assertRestored(id);
    }

    @Test
    void deniesWhatCloudTrailTellsLater() {
        steal();
        UUID id = create();
        IDLE.runners().runToTheEnd();
        assertThat(SERVICE.isAllowed(stolen)).isFalse();
        assertThat(SERVICE.isAllowed(reports)).as("not told yet").isTrue();
        assertThat(IDLE.action(id).getVerificationsList().getLast().getDetail())
                .contains("as far as CloudTrail tells");

        SERVICE.sandbox().advance(TOLD);
        IDLE.watch();

        Action contained = assertContained(id);
        assertThat(contained.getDriftList()).isEmpty();
        assertThat(contained.getVerificationsList().getLast().getDetail()).contains(":exfil");
        IDLE.undo(id);
        IDLE.runners().runToTheEnd();
        assertRestored(id);
    }

    @Test
    void deniesAgainWhatSomebodyAllowed() {
        steal();
        SERVICE.sandbox().advance(TOLD);
        UUID id = create();
        IDLE.runners().runToTheEnd();
        SERVICE.iam().deleteRolePolicy(r -> r.roleName(REPORTS).policyName("yagura-contain-" + id));
        assertThat(SERVICE.isAllowed(reports)).isTrue();

        IDLE.watch();

        Action contained = assertContained(id);
        assertThat(contained.getDriftList())
                .singleElement()
                .asString()
                .contains(REPORTS, "contained again");
    }

    @Test
    void containsWithoutCloudTrail() {
        steal();
        SERVICE.sandbox().advance(TOLD);
        SERVICE.sandbox().throttle("cloudtrail:LookupEvents", 200);

        Action planned = plan();
        UUID id = create();
        IDLE.runners().runToTheEnd();

        assertThat(planned.getPlan().getChecksList())
                .filteredOn(check -> check.getLabel().equals("where its sessions went on to"))
                .singleElement()
                .satisfies(check -> {
                    assertThat(check.getOutcome()).isEqualTo(CheckOutcome.CHECK_OUTCOME_WARNING);
                    assertThat(check.getRemedy()).contains("cloudtrail:LookupEvents");
                });
        IDLE.ended(id, ActionState.ACTION_STATE_SUCCEEDED);
        assertThat(SERVICE.isAllowed(stolen)).isFalse();
        assertThat(IDLE.action(id).getVerificationsList().getLast().getDetail())
                .contains("CloudTrail could not be asked");

        SERVICE.sandbox().clearFaults();
        IDLE.watch();
        assertContained(id);
    }

    @Test
    void survivesAKillAtEveryStep() throws Exception {
        IDLE.dieAtEveryStep(
                () -> {
                    steal();
                    SERVICE.sandbox().advance(TOLD);
                    return create();
                },
                this::assertContained,
                this::assertRestored);
    }

    /** An instance's keys, and two roles that they lead to. */
    private void steal() {
        stolen = SERVICE.sandbox().takeCredentials("app-1");
        reports = assume(stolen, REPORTS, "exfil");
        archive = assume(reports, ARCHIVE, "onward");
    }

    private static CredentialsView assume(CredentialsView keys, String role, String session) {
        try (StsClient sts = SERVICE.clientOf(StsClient.builder(), keys)) {
            Credentials taken =
                    sts.assumeRole(request ->
                                    request.roleArn("arn:aws:iam::111122223333:role/" + role)
                                            .roleSessionName(session))
                            .credentials();
            return new CredentialsView(
                    role, taken.accessKeyId(), taken.secretAccessKey(), taken.sessionToken());
        }
    }

    private static CredentialsView keys(String none) {
        return new CredentialsView(none, none, none, none);
    }

    private static Action plan() {
        return IDLE.catalog()
                .plan(
                        new ActionCatalog.Order(
                                ActionKind.ACTION_KIND_CONTAIN_ROLE_SESSION,
                                TestService.target(TestService.APP),
                                "beacon",
                                ""),
                        Principal.service("token-1"));
    }

    private static UUID create() {
        return IDLE.create(ActionKind.ACTION_KIND_CONTAIN_ROLE_SESSION, TestService.APP);
    }

    private Action assertContained(UUID id) {
        Action action = IDLE.ended(id, ActionState.ACTION_STATE_SUCCEEDED);
        assertThat(List.of(stolen, reports, archive)).noneMatch(SERVICE::isAllowed);
        assertThat(List.of("app-instance", REPORTS, ARCHIVE))
                .allSatisfy(
                        role -> assertThat(policies(role)).containsExactly("yagura-contain-" + id));
        return action;
    }

    private void assertRestored(UUID id) {
        Action action = IDLE.ended(id, ActionState.ACTION_STATE_UNDONE);
        assertThat(action.getDriftList()).isEmpty();
        assertThat(List.of("app-instance", REPORTS, ARCHIVE))
                .allSatisfy(role -> assertThat(policies(role)).isEmpty());
        assertThat(List.of(reports, archive)).allMatch(SERVICE::isAllowed);
    }

    private static List<String> policies(String role) {
        return SERVICE.iam().listRolePolicies(request -> request.roleName(role)).policyNames();
    }
}
