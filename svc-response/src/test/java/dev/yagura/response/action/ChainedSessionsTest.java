package dev.yagura.response.action;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.common.identity.Principal;
import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionState;
import dev.yagura.proto.response.v1.CheckOutcome;
import dev.yagura.proto.response.v1.PreflightCheck;
import dev.yagura.response.TestService;
import dev.yagura.sandbox.control.CredentialsView;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.Credentials;

/** contain_role_session where the stolen session went on to other roles. */
class ChainedSessionsTest {
    @RegisterExtension
    static final IdleService IDLE =
            IdleService.with(
                    Map.of(
                            "yagura.response.credentials.ssm-wait", "PT0.001S",
                            "yagura.response.credentials.trail-wait", "PT2S"),
                    Duration.ofSeconds(1));

    private static final TestService SERVICE = IDLE.service();
    private static final String REPORTS = "shop-reports";
    private static final String ARCHIVE = "shop-archive";
    private static final String PARTNER = "arn:aws:iam::444455556666:role/partner-exchange";
    private static final String LOOKUP = "cloudtrail:LookupEvents";
    private static final String SILENT =
            "CloudTrail could not be asked (it did not answer in time)";

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

        Action planned = plan();
        UUID id = create();
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
        SERVICE.sandbox().throttle(LOOKUP, 200);

        Action planned = plan();
        UUID id = create();
        IDLE.runners().runToTheEnd();

        assertThat(whereItWentOn(planned))
                .satisfies(check -> {
                    assertThat(check.getOutcome()).isEqualTo(CheckOutcome.CHECK_OUTCOME_WARNING);
                    assertThat(check.getRemedy()).contains(LOOKUP);
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
    void aSilentCloudTrailHoldsUpNeitherTheRequestNorTheContainment() {
        steal();
        SERVICE.sandbox().advance(TOLD);
        SERVICE.sandbox()
                .planFault(
                        Map.of(
                                "operation",
                                LOOKUP,
                                "kind",
                                "delay",
                                "delay",
                                Duration.ofSeconds(4),
                                "times",
                                100));

        long before = SERVICE.lastCall();
        UUID id = create();
        assertThat(SERVICE.calls(before, LOOKUP)).isZero();
        assertThat(whereItWentOn(IDLE.action(id)).getDetail()).contains("validate_only");
        assertThat(whereItWentOn(plan()))
                .satisfies(check -> {
                    assertThat(check.getOutcome()).isEqualTo(CheckOutcome.CHECK_OUTCOME_WARNING);
                    assertThat(check.getDetail()).contains(SILENT);
                });
        IDLE.runners().runToTheEnd();

        assertThat(verified(id)).contains(SILENT);
        assertThat(SERVICE.isAllowed(stolen)).isFalse();
        assertThat(SERVICE.isAllowed(reports)).isTrue();

        SERVICE.sandbox().clearFaults();
        IDLE.watch();
        assertContained(id);
    }

    @Test
    void namesSessionsOfAnotherAccount() {
        stolen = SERVICE.sandbox().takeCredentials("app-1");
        assumeArn(stolen, PARTNER, "abroad");
        SERVICE.sandbox().advance(TOLD);

        Action planned = plan();
        UUID id = create();
        long before = SERVICE.lastCall();
        IDLE.runners().runToTheEnd();

        assertThat(whereItWentOn(planned))
                .satisfies(check -> {
                    assertThat(check.getOutcome()).isEqualTo(CheckOutcome.CHECK_OUTCOME_WARNING);
                    assertThat(check.getDetail()).contains(PARTNER, "another account");
                    assertThat(check.getRemedy())
                            .contains("revoke_role_sessions of partner-exchange in account 4444");
                });
        assertThat(verified(id)).contains("other accounts", PARTNER, ":abroad");
        assertThat(SERVICE.isAllowed(stolen)).isFalse();
        assertThat(SERVICE.calls(before, "iam:PutRolePolicy")).as("its own role's").isOne();
    }

    @Test
    void deniesWhatAPolicyHasRoomForAndNamesTheRest() {
        stolen = SERVICE.sandbox().takeCredentials("app-1");
        List<CredentialsView> taken =
                IntStream.range(0, 60)
                        .mapToObj(
                                i -> assume(stolen, REPORTS, "x".repeat(60) + "%02d".formatted(i)))
                        .toList();
        SERVICE.sandbox().advance(TOLD);

        Action planned = plan();
        UUID id = create();
        IDLE.runners().runToTheEnd();

        String verified = verified(id);
        int denied =
                IDLE.action(id).getRoleSessionState().getChainedRoles(0).getAssumedRoleIdsCount();
        String left = "%d more sessions of %s go on".formatted(60 - denied, REPORTS);
        assertThat(denied).isBetween(30, 59);
        assertThat(whereItWentOn(planned).getDetail()).contains(left);
        assertThat(verified)
                .contains(left, "revoke_role_sessions of " + REPORTS)
                .contains("whether 10 of the sessions");
        assertThat(taken).filteredOn(keys -> !SERVICE.isAllowed(keys)).hasSize(denied);

        IDLE.undo(id);
        IDLE.runners().runToTheEnd();
        IDLE.ended(id, ActionState.ACTION_STATE_UNDONE);
        assertThat(taken).allMatch(SERVICE::isAllowed);
    }

    @Test
    void leavesARoleThatIsGone() {
        steal();
        SERVICE.sandbox().advance(TOLD);
        SERVICE.sandbox().deleteRole(ARCHIVE);

        Action planned = plan();
        UUID id = create();
        IDLE.runners().runToTheEnd();

        assertThat(List.of(planned.getPlan().getCallsList(), IDLE.action(id).getCallsList()))
                .allSatisfy(calls -> assertThat(calls.toString()).doesNotContain(ARCHIVE));
        assertThat(verified(id)).contains("gone with their role", ARCHIVE);
        assertThat(SERVICE.isAllowed(reports)).isFalse();
    }

    @Test
    void aRoleThatIsDeletedLaterIsNoDriftUntilUndo() {
        steal();
        SERVICE.sandbox().advance(TOLD);
        UUID id = create();
        IDLE.runners().runToTheEnd();
        assertContained(id);
        SERVICE.sandbox().deleteRole(ARCHIVE);

        IDLE.watch();
        assertThat(IDLE.action(id).getDriftList()).isEmpty();
        assertThat(verified(id)).contains("gone with their role", ARCHIVE);

        IDLE.undo(id);
        IDLE.runners().runToTheEnd();
        assertThat(IDLE.ended(id, ActionState.ACTION_STATE_UNDONE).getDriftList())
                .singleElement()
                .asString()
                .contains(ARCHIVE, "deleted meanwhile");
        assertThat(List.of("app-instance", REPORTS))
                .allSatisfy(role -> assertThat(policies(role)).isEmpty());
    }

    @Test
    void aRoleThatIsKeptFromItDoesNotEndTheContainment() {
        steal();
        SERVICE.sandbox().advance(TOLD);
        SERVICE.sandbox()
                .planFault(
                        Map.of(
                                "operation", "iam:PutRolePolicy",
                                "kind", "error",
                                "code", "AccessDenied",
                                "status", 403,
                                "when", Map.of("RoleName", REPORTS)));

        UUID id = create();
        IDLE.runners().runToTheEnd();

        assertThat(verified(id))
                .contains("the policy of shop-reports was refused: planned by a test")
                .contains("go on, since AWS refuses their role's policy: arn")
                .contains("revoke_role_sessions of shop-reports");
        assertThat(List.of(stolen, archive)).noneMatch(SERVICE::isAllowed);
        assertThat(SERVICE.isAllowed(reports)).isTrue();

        IDLE.watch();
        assertThat(IDLE.action(id).getDriftList()).isEmpty();
        IDLE.undo(id);
        IDLE.runners().runToTheEnd();
        assertRestored(id);
    }

    @Test
    void deniesSessionsThatAssumedTheirOwnRoleAgain() {
        stolen = SERVICE.sandbox().takeCredentials("app-1");
        CredentialsView again = assume(stolen, "app-instance", "again");
        SERVICE.sandbox().advance(TOLD);

        UUID id = create();
        IDLE.runners().runToTheEnd();

        IDLE.ended(id, ActionState.ACTION_STATE_SUCCEEDED);
        assertThat(List.of(stolen, again)).noneMatch(SERVICE::isAllowed);
        assertThat(policies("app-instance"))
                .containsExactly("yagura-contain-" + id, "yagura-contain-" + id + "-chained");

        IDLE.undo(id);
        IDLE.runners().runToTheEnd();
        assertThat(IDLE.ended(id, ActionState.ACTION_STATE_UNDONE).getDriftList()).isEmpty();
        assertThat(policies("app-instance")).isEmpty();
        assertThat(List.of(stolen, again)).allMatch(SERVICE::isAllowed);
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
        return assumeArn(keys, "arn:aws:iam::111122223333:role/" + role, session);
    }

    private static CredentialsView assumeArn(CredentialsView keys, String arn, String session) {
        try (StsClient sts = SERVICE.clientOf(StsClient.builder(), keys)) {
            Credentials taken =
                    sts.assumeRole(request -> request.roleArn(arn).roleSessionName(session))
                            .credentials();
            return new CredentialsView(
                    arn, taken.accessKeyId(), taken.secretAccessKey(), taken.sessionToken());
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

    private static PreflightCheck whereItWentOn(Action action) {
        return action.getPlan().getChecksList().stream()
                .filter(check -> check.getLabel().equals("where its sessions went on to"))
                .findFirst()
                .orElseThrow();
    }

    /** What the last verification says. */
    private static String verified(UUID id) {
        return IDLE.ended(id, ActionState.ACTION_STATE_SUCCEEDED)
                .getVerificationsList()
                .getLast()
                .getDetail();
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
