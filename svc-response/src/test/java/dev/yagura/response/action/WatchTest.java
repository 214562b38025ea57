package dev.yagura.response.action;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import dev.yagura.common.identity.Principal;
import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionState;
import dev.yagura.proto.response.v1.CallRecord;
import dev.yagura.proto.response.v1.RoleSessionState;
import dev.yagura.response.TestService;
import java.time.Clock;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Isolations in force: read back every so often, and done again where others changed something. */
class WatchTest {
    @RegisterExtension
    static final IdleService IDLE =
            IdleService.with(
                    // Over at once: the sandbox's agents report by a clock of their own.
                    Map.of("yagura.response.credentials.ssm-wait", "PT0.001S"),
                    Duration.ofSeconds(1));

    private static final TestService SERVICE = IDLE.service();

    private static final Set<ActionKind> WATCHED = Set.of(ActionKind.ACTION_KIND_ISOLATE_INSTANCE);
    private static final Duration INTERVAL = Duration.ofMinutes(5);
    private static final String FRONT = "eni-0d38b876322d4f5e4";

    @Test
    void looksWhenTheIntervalIsOverAndKeepsOnlyWhatIsNew() {
        UUID id = isolated();
        Action before = IDLE.action(id);
        assertThat(runner().take()).isEmpty();

        look();
        Action first = IDLE.action(id);
        look();

        assertThat(before.hasWatchTime()).isFalse();
        assertThat(first.getVerificationsList()).isEqualTo(before.getVerificationsList());
        assertThat(IDLE.action(id).getVerificationsList()).isEqualTo(before.getVerificationsList());
        assertThat(IDLE.action(id).getWatchTime()).isNotEqualTo(first.getWatchTime());
        assertThat(IDLE.action(id).getState()).isEqualTo(ActionState.ACTION_STATE_SUCCEEDED);
        assertThat(IDLE.action(id).getCallsList()).isEqualTo(before.getCallsList());
    }

    @Test
    void isolatesAgainWhatOthersReleasedAndUndoRestoresWhatWasFirst() {
        Map<String, List<String>> groups = SERVICE.groups(TestService.APP);
        UUID id = isolated();
        Map<String, List<String>> cut = SERVICE.groups(TestService.APP);
        SERVICE.operator()
                .modifyNetworkInterfaceAttribute(request ->
                        request.networkInterfaceId(FRONT).groups("sg-02f1086a7759c4179"));
        SERVICE.operator()
                .modifyInstanceAttribute(request ->
                        request.instanceId(TestService.APP)
                                .disableApiTermination(value -> value.value(false)));

        look();

        Action action = IDLE.action(id);
        assertThat(SERVICE.groups(TestService.APP)).isEqualTo(cut);
        assertThat(action.getState()).isEqualTo(ActionState.ACTION_STATE_SUCCEEDED);
        assertThat(action.getDriftList())
                .anySatisfy(each -> assertThat(each).contains(FRONT).contains("isolated again"));
        assertThat(action.getVerificationsList().reversed().subList(0, 2))
                .extracting(each -> each.getPassed())
                .containsExactly(true, false);
        IDLE.catalog().undo(id, "clean", Principal.service("gateway"));
        runner().run(runner().take().orElseThrow());
        assertThat(IDLE.action(id).getState()).isEqualTo(ActionState.ACTION_STATE_UNDONE);
        assertThat(SERVICE.groups(TestService.APP)).isEqualTo(groups);
    }

    @Test
    void saysThatItCannotReadAndLooksAgain() {
        UUID id = isolated();
        SERVICE.sandbox()
                .planFault(
                        Map.of(
                                "operation", "ec2:*",
                                "kind", "error",
                                "code", "InternalError",
                                "status", 500,
                                "times", 1_000));

        look();

        assertThat(IDLE.action(id).getVerificationsList().getLast().getDetail())
                .contains("not read back");
        SERVICE.sandbox().clearFaults();
        look();
        assertThat(IDLE.action(id).getVerificationsList().getLast().getPassed()).isTrue();
    }

    @Test
    void containsAgainWhatOthersGaveBack() {
        UUID id = created(ActionKind.ACTION_KIND_CONTAIN_ROLE_SESSION);
        IDLE.runners().runToTheEnd();
        assertThat(IDLE.action(id).getState()).isEqualTo(ActionState.ACTION_STATE_SUCCEEDED);
        Timestamp associated = IDLE.action(id).getRoleSessionState().getAssociateTime();
        SERVICE.iam()
                .deleteRolePolicy(request ->
                        request.roleName("app-instance").policyName("yagura-contain-" + id));
        SERVICE.giveProfile(TestService.APP, "app-instance");
        SERVICE.sandbox().advance(Duration.ofSeconds(10));

        look();
        SERVICE.sandbox().advance(Duration.ofSeconds(10));
        look();
        Action first = IDLE.action(id);
        look();

        assertThat(SERVICE.profile(TestService.APP)).isEqualTo("yagura-quarantine");
        assertThat(
                        SERVICE.iam()
                                .listRolePolicies(request -> request.roleName("app-instance"))
                                .policyNames())
                .containsExactly("yagura-contain-" + id);
        assertThat(first.getDriftList())
                .hasSize(2)
                .allSatisfy(each -> assertThat(each).endsWith("contained again"));
        assertThat(first.getVerificationsList().getLast().getPassed()).isTrue();
        RoleSessionState state = first.getRoleSessionState();
        assertThat(Timestamps.compare(state.getAssociateTime(), associated)).isPositive();
        assertThat(Timestamps.compare(state.getIssuedBefore(), state.getAssociateTime()))
                .isPositive();
        assertThat(IDLE.action(id).getVerificationsList()).isEqualTo(first.getVerificationsList());
        IDLE.catalog().undo(id, "clean", Principal.service("gateway"));
        IDLE.runners().runToTheEnd();
        assertThat(IDLE.action(id).getState()).isEqualTo(ActionState.ACTION_STATE_UNDONE);
        assertThat(SERVICE.profile(TestService.APP)).isEqualTo("app-instance");
    }

    @Test
    void isNotDoneAgainForEver() {
        UUID id = isolated();
        SERVICE.operator()
                .modifyNetworkInterfaceAttribute(request ->
                        request.networkInterfaceId(FRONT).groups("sg-02f1086a7759c4179"));
        Map<String, List<String>> groups = SERVICE.groups(TestService.APP);
        passInterval();
        RunStore.Lease lease = IDLE.runs().claimWatch(WATCHED, INTERVAL, INTERVAL).orElseThrow();
        CallRecord call = IDLE.action(id).getCalls(0);
        IDLE.runs()
                .write(
                        lease,
                        INTERVAL,
                        List.of(each ->
                                each.toBuilder()
                                        .addAllCalls(Collections.nCopies(500, call))
                                        .build()));
        IDLE.runs().giveBack(lease, Duration.ZERO);

        look();
        Action first = IDLE.action(id);
        look();

        assertThat(SERVICE.groups(TestService.APP)).isEqualTo(groups);
        assertThat(first.getVerificationsList().getLast().getPassed()).isFalse();
        assertThat(first.getVerificationsList().getLast().getDetail())
                .contains(FRONT)
                .contains("find out who changes it");
        assertThat(IDLE.action(id).getVerificationsList()).isEqualTo(first.getVerificationsList());
    }

    @Test
    void saysThatTheInstanceIsGone() {
        UUID id = isolated();
        SERVICE.sandbox().terminate("app-1");

        look();

        assertThat(IDLE.action(id).getVerificationsList().getLast().getPassed()).isFalse();
        assertThat(IDLE.action(id).getVerificationsList().getLast().getDetail())
                .contains("has no interface in one VPC any more");
    }

    @Test
    void anUndoWaitsForAWatcherThatIsAtWork() {
        UUID id = isolated();
        passInterval();
        Optional<RunStore.Lease> watcher = IDLE.runs().claimWatch(WATCHED, INTERVAL, INTERVAL);
        assertThat(watcher).isPresent();
        assertThat(IDLE.runs().claimWatch(WATCHED, INTERVAL, INTERVAL)).isEmpty();

        IDLE.catalog().undo(id, "clean", Principal.service("gateway"));

        assertThat(IDLE.runs().claim(INTERVAL)).isEmpty();
        IDLE.runs().giveBack(watcher.orElseThrow(), Duration.ZERO);
        assertThat(IDLE.runs().claim(INTERVAL)).isPresent();
    }

    private static UUID created(ActionKind kind) {
        return IDLE.create(kind, TestService.APP);
    }

    private static UUID isolated() {
        UUID id = created(ActionKind.ACTION_KIND_ISOLATE_INSTANCE);
        runner().run(runner().take().orElseThrow());
        assertThat(IDLE.action(id).getState()).isEqualTo(ActionState.ACTION_STATE_SUCCEEDED);
        return id;
    }

    private static ActionRunner runner() {
        return new ActionRunner(IDLE.runs(), IDLE.procedures(), IDLE.config(), Clock.systemUTC());
    }

    private static void look() {
        passInterval();
        runner().run(runner().take().orElseThrow());
        assertThat(runner().take()).isEmpty();
    }

    private static void passInterval() {
        SERVICE.postgres().execute("UPDATE action SET next_run_at = now() - interval '6 minutes'");
    }
}
