package dev.yagura.response.action;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import dev.yagura.common.identity.Principal;
import dev.yagura.common.ids.ResourceName;
import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionState;
import dev.yagura.proto.response.v1.CallRecord;
import dev.yagura.proto.response.v1.RoleSessionState;
import dev.yagura.response.TestService;
import dev.yagura.testkit.PostgresFixture;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Isolations in force: read back every so often, and done again where others changed something. */
class WatchTest {
    @RegisterExtension static final PostgresFixture POSTGRES = PostgresFixture.of("response");

    private static final Set<ActionKind> WATCHED = Set.of(ActionKind.ACTION_KIND_ISOLATE_INSTANCE);
    private static final Duration INTERVAL = Duration.ofMinutes(5);
    private static final String FRONT = "eni-0d38b876322d4f5e4";

    @TempDir static Path folder;
    private static TestService service;
    private static ActionStore store;
    private static ActionCatalog catalog;
    private static ActionRunner runner;
    private static DyingRunners runners;

    @BeforeAll
    static void startService() throws Exception {
        IdleService idle =
                IdleService.start(
                        POSTGRES,
                        folder,
                        // Over at once: the sandbox's agents report by a clock of their own.
                        Map.of("yagura.response.credentials.ssm-wait", "PT0.001S"));
        service = idle.service();
        store = idle.store();
        catalog = idle.catalog();
        runner = new ActionRunner(store, idle.procedures(), idle.config(), Clock.systemUTC());
        runners =
                new DyingRunners(
                        store,
                        idle.procedures(),
                        idle.config(),
                        POSTGRES,
                        () -> service.sandbox().advance(Duration.ofSeconds(1)));
    }

    @AfterAll
    static void stopService() {
        service.close();
    }

    @BeforeEach
    void backToTheSeed() {
        POSTGRES.execute("DELETE FROM action");
        service.sandbox().reset();
        service.sandbox().freezeClock();
    }

    @Test
    void looksWhenTheIntervalIsOverAndKeepsOnlyWhatIsNew() {
        UUID id = isolated();
        Action before = action(id);
        assertThat(runner.take()).isEmpty();

        look();
        Action first = action(id);
        look();

        assertThat(before.hasWatchTime()).isFalse();
        assertThat(first.getVerificationsList()).isEqualTo(before.getVerificationsList());
        assertThat(action(id).getVerificationsList()).isEqualTo(before.getVerificationsList());
        assertThat(action(id).getWatchTime()).isNotEqualTo(first.getWatchTime());
        assertThat(action(id).getState()).isEqualTo(ActionState.ACTION_STATE_SUCCEEDED);
        assertThat(action(id).getCallsList()).isEqualTo(before.getCallsList());
    }

    @Test
    void isolatesAgainWhatOthersReleasedAndUndoRestoresWhatWasFirst() {
        Map<String, List<String>> groups = service.groups(TestService.APP);
        UUID id = isolated();
        Map<String, List<String>> cut = service.groups(TestService.APP);
        service.operator()
                .modifyNetworkInterfaceAttribute(request ->
                        request.networkInterfaceId(FRONT).groups("sg-02f1086a7759c4179"));
        service.operator()
                .modifyInstanceAttribute(request ->
                        request.instanceId(TestService.APP)
                                .disableApiTermination(value -> value.value(false)));

        look();

        Action action = action(id);
        assertThat(service.groups(TestService.APP)).isEqualTo(cut);
        assertThat(action.getState()).isEqualTo(ActionState.ACTION_STATE_SUCCEEDED);
        assertThat(action.getDriftList())
                .anySatisfy(each -> assertThat(each).contains(FRONT).contains("isolated again"));
        assertThat(action.getVerificationsList().reversed().subList(0, 2))
                .extracting(each -> each.getPassed())
                .containsExactly(true, false);
        catalog.undo(id, "clean", Principal.service("gateway"));
        runner.run(runner.take().orElseThrow());
        assertThat(action(id).getState()).isEqualTo(ActionState.ACTION_STATE_UNDONE);
        assertThat(service.groups(TestService.APP)).isEqualTo(groups);
    }

    @Test
    void saysThatItCannotReadAndLooksAgain() {
        UUID id = isolated();
        service.sandbox()
                .planFault(
                        Map.of(
                                "operation", "ec2:*",
                                "kind", "error",
                                "code", "InternalError",
                                "status", 500,
                                "times", 1_000));

        look();

        assertThat(action(id).getVerificationsList().getLast().getDetail())
                .contains("not read back");
        service.sandbox().clearFaults();
        look();
        assertThat(action(id).getVerificationsList().getLast().getPassed()).isTrue();
    }

    @Test
    void containsAgainWhatOthersGaveBack() {
        UUID id = created(ActionKind.ACTION_KIND_CONTAIN_ROLE_SESSION);
        runners.runToTheEnd();
        assertThat(action(id).getState()).isEqualTo(ActionState.ACTION_STATE_SUCCEEDED);
        Timestamp associated = action(id).getRoleSessionState().getAssociateTime();
        service.iam()
                .deleteRolePolicy(request ->
                        request.roleName("app-instance").policyName("yagura-contain-" + id));
        service.giveProfile(TestService.APP, "app-instance");
        service.sandbox().advance(Duration.ofSeconds(10));

        look();
        service.sandbox().advance(Duration.ofSeconds(10));
        look();
        Action first = action(id);
        look();

        assertThat(service.profile(TestService.APP)).isEqualTo("yagura-quarantine");
        assertThat(
                        service.iam()
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
        assertThat(action(id).getVerificationsList()).isEqualTo(first.getVerificationsList());
        catalog.undo(id, "clean", Principal.service("gateway"));
        runners.runToTheEnd();
        assertThat(action(id).getState()).isEqualTo(ActionState.ACTION_STATE_UNDONE);
        assertThat(service.profile(TestService.APP)).isEqualTo("app-instance");
    }

    @Test
    void isNotDoneAgainForEver() {
        UUID id = isolated();
        service.operator()
                .modifyNetworkInterfaceAttribute(request ->
                        request.networkInterfaceId(FRONT).groups("sg-02f1086a7759c4179"));
        Map<String, List<String>> groups = service.groups(TestService.APP);
        passInterval();
        ActionStore.Lease lease = store.claimWatch(WATCHED, INTERVAL, INTERVAL).orElseThrow();
        CallRecord call = action(id).getCalls(0);
        store.write(
                lease,
                INTERVAL,
                List.of(each ->
                        each.toBuilder().addAllCalls(Collections.nCopies(500, call)).build()));
        store.giveBack(lease, Duration.ZERO);

        look();
        Action first = action(id);
        look();

        assertThat(service.groups(TestService.APP)).isEqualTo(groups);
        assertThat(first.getVerificationsList().getLast().getPassed()).isFalse();
        assertThat(first.getVerificationsList().getLast().getDetail())
                .contains(FRONT)
                .contains("find out who changes it");
        assertThat(action(id).getVerificationsList()).isEqualTo(first.getVerificationsList());
    }

    @Test
    void saysThatTheInstanceIsGone() {
        UUID id = isolated();
        service.sandbox().terminate("app-1");

        look();

        assertThat(action(id).getVerificationsList().getLast().getPassed()).isFalse();
        assertThat(action(id).getVerificationsList().getLast().getDetail())
                .contains("has no interface in one VPC any more");
    }

    @Test
    void anUndoWaitsForAWatcherThatIsAtWork() {
        UUID id = isolated();
        passInterval();
        Optional<ActionStore.Lease> watcher = store.claimWatch(WATCHED, INTERVAL, INTERVAL);
        assertThat(watcher).isPresent();
        assertThat(store.claimWatch(WATCHED, INTERVAL, INTERVAL)).isEmpty();

        catalog.undo(id, "clean", Principal.service("gateway"));

        assertThat(store.claim(INTERVAL)).isEmpty();
        store.giveBack(watcher.orElseThrow(), Duration.ZERO);
        assertThat(store.claim(INTERVAL)).isPresent();
    }

    private static UUID created(ActionKind kind) {
        Action created =
                catalog.create(
                        new ActionCatalog.Order(
                                kind, TestService.target(TestService.APP), "beacon", ""),
                        UUID.randomUUID(),
                        Principal.service("rei"));
        return ResourceName.parse("actions", created.getName());
    }

    private static UUID isolated() {
        UUID id = created(ActionKind.ACTION_KIND_ISOLATE_INSTANCE);
        runner.run(runner.take().orElseThrow());
        assertThat(action(id).getState()).isEqualTo(ActionState.ACTION_STATE_SUCCEEDED);
        return id;
    }

    private static void look() {
        passInterval();
        runner.run(runner.take().orElseThrow());
        assertThat(runner.take()).isEmpty();
    }

    private static void passInterval() {
        POSTGRES.execute("UPDATE action SET next_run_at = now() - interval '6 minutes'");
    }

    private static Action action(UUID id) {
        return store.find(id).orElseThrow();
    }
}
