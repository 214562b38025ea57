package dev.yagura.response;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yagura.proto.detection.v1.AssetSnapshot;
import dev.yagura.proto.detection.v1.Incident;
import dev.yagura.proto.detection.v1.IncidentState;
import dev.yagura.proto.detection.v1.Reach;
import dev.yagura.proto.detection.v1.Severity;
import dev.yagura.proto.detection.v1.TacticEvidence;
import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionFilter;
import dev.yagura.proto.response.v1.ActionState;
import dev.yagura.proto.response.v1.ApproveActionRequest;
import dev.yagura.proto.response.v1.CancelPlaybookRunRequest;
import dev.yagura.proto.response.v1.CreatePlaybookRequest;
import dev.yagura.proto.response.v1.DeletePlaybookRequest;
import dev.yagura.proto.response.v1.GetPlaybookRequest;
import dev.yagura.proto.response.v1.GetPlaybookRunRequest;
import dev.yagura.proto.response.v1.ListActionsRequest;
import dev.yagura.proto.response.v1.ListPlaybookRunsRequest;
import dev.yagura.proto.response.v1.ListPlaybooksRequest;
import dev.yagura.proto.response.v1.Playbook;
import dev.yagura.proto.response.v1.PlaybookRun;
import dev.yagura.proto.response.v1.PlaybookRunFilter;
import dev.yagura.proto.response.v1.PlaybookRunState;
import dev.yagura.proto.response.v1.PlaybookServiceGrpc.PlaybookServiceBlockingStub;
import dev.yagura.proto.response.v1.RunPlaybookRequest;
import dev.yagura.proto.response.v1.StepRun;
import dev.yagura.proto.response.v1.StepState;
import dev.yagura.proto.response.v1.UpdatePlaybookRequest;
import dev.yagura.proto.response.v1.WatchPlaybookRunsRequest;
import dev.yagura.proto.response.v1.WatchPlaybookRunsResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Playbooks through the public contract: their actions are done to the sandbox. */
class PlaybookTest {
    @RegisterExtension
    static final TestService SERVICE =
            TestService.withoutRole(
                    Map.of(
                            // Over at once: the sandbox's agents report by a clock of their own.
                            "yagura.response.credentials.ssm-wait", "PT0.001S",
                            "yagura.response.forensics.poll", "PT0.05S",
                            "yagura.response.forensics.settle", "PT0.2S",
                            "yagura.response.playbook.poll", "PT0.05S",
                            "yagura.response.action.poll", "PT0.05S"));

    private static final TestResponder RESPONDER = TestResponder.of(SERVICE);
    private static final String NAME = "playbooks/stolen-instance-credentials";
    private static final Set<PlaybookRunState> ENDED =
            Set.of(
                    PlaybookRunState.PLAYBOOK_RUN_STATE_SUCCEEDED,
                    PlaybookRunState.PLAYBOOK_RUN_STATE_FAILED,
                    PlaybookRunState.PLAYBOOK_RUN_STATE_CANCELLED);

    private static final String ISOLATE =
            """
            id: %s
            title: For tests
            steps:
              - id: isolate
                action: isolate_instance
                approval: %s
            """;

    @BeforeEach
    void nothingHasHappened() {
        SERVICE.postgres().execute("DELETE FROM playbook_run");
        SERVICE.postgres().execute("DELETE FROM playbook_version");
        SERVICE.postgres().execute("DELETE FROM action");
        SERVICE.sandbox().reset();
    }

    @Test
    void aShippedPlaybookIsDryRunThenRunToItsEnd() throws Exception {
        create(shipped());
        Incident incident = incident("T1552.005");

        PlaybookRun dry =
                playbooks()
                        .runPlaybook(
                                RunPlaybookRequest.newBuilder()
                                        .setPlaybook(NAME)
                                        .setIncident(incident.getName())
                                        .setValidateOnly(true)
                                        .build());

        assertThat(dry.getName()).isEmpty();
        assertThat(dry.getStepsList())
                .extracting(StepRun::getStep)
                .containsExactly("contain_sessions", "keep_and_cut", "snapshot", "isolate");
        assertThat(step(dry, "isolate").getPlan().getCallsCount()).isEqualTo(6);
        assertThat(step(dry, "isolate").getDetail()).isEqualTo("would make 6 calls");
        assertThat(actions()).isEmpty();
        assertThat(SERVICE.isolationGroup()).isNull();

        Iterator<WatchPlaybookRunsResponse> watch = watch(incident);
        PlaybookRun run = ended(start(NAME, incident, UUID.randomUUID()));

        assertThat(lastOf(watch)).isEqualTo(run);
        assertThat(run.getState())
                .as(run.getStateReason())
                .isEqualTo(PlaybookRunState.PLAYBOOK_RUN_STATE_SUCCEEDED);
        assertThat(SERVICE.profile(TestService.WEB)).isEqualTo("yagura-quarantine");
        assertThat(SERVICE.groups(TestService.WEB).values())
                .containsExactly(List.of(String.valueOf(SERVICE.isolationGroup())));
        assertThat(run.getStepsList())
                .allMatch(step -> step.getState() == StepState.STEP_STATE_SUCCEEDED);
        assertThat(run.hasSnapshot()).isFalse();
        assertThat(actions())
                .hasSize(3)
                .allMatch(action -> action.getPlaybookRun().equals(run.getName()))
                .allMatch(action -> action.getIncident().equals(incident.getName()))
                .allMatch(action -> action.getRequestedBy().equals("token-1"))
                .allMatch(action -> action.getReason().startsWith("seen (playbook stolen-"));
        assertThat(
                        playbooks()
                                .listPlaybookRuns(
                                        ListPlaybookRunsRequest.newBuilder()
                                                .setFilter(
                                                        PlaybookRunFilter.newBuilder()
                                                                .setIncident(incident.getName()))
                                                .build())
                                .getRunsList())
                .containsExactly(run);
    }

    @Test
    void everyHostOfTheIncidentIsCutOff() throws Exception {
        create(
                ISOLATE.formatted("cut", "false")
                        + "    for_each: '[incident.asset] + incident.reach.assets'\n");
        Incident incident =
                incident("T1486").toBuilder()
                        .setReach(Reach.newBuilder().addAssets(host(TestService.DB)))
                        .build();
        SERVICE.detection().publish(incident);

        PlaybookRun dry =
                playbooks()
                        .runPlaybook(
                                request("playbooks/cut", incident).setValidateOnly(true).build());
        assertThat(dry.getSteps(0).getElementsList())
                .hasSize(2)
                .allMatch(element -> element.getPlan().getCallsCount() > 0);

        Iterator<WatchPlaybookRunsResponse> watch = watch(incident);
        PlaybookRun run = ended(start("playbooks/cut", incident, UUID.randomUUID()));

        assertThat(lastOf(watch)).isEqualTo(run);
        assertThat(run.getState()).isEqualTo(PlaybookRunState.PLAYBOOK_RUN_STATE_SUCCEEDED);
        assertThat(step(run, "isolate").getElementsList())
                .extracting(StepRun::getElement)
                .containsExactly(TestService.WEB, TestService.DB);
        List<String> isolated = List.of(String.valueOf(SERVICE.isolationGroup()));
        assertThat(SERVICE.groups(TestService.WEB).values()).containsExactly(isolated);
        assertThat(SERVICE.groups(TestService.DB).values()).containsExactly(isolated);
    }

    @Test
    void aRunIsOneWhateverIsAskedAgain() throws Exception {
        create(ISOLATE.formatted("cut", "true"));
        Incident incident = incident("T1110");
        UUID request = UUID.randomUUID();

        PlaybookRun run = start("playbooks/cut", incident, request);
        assertThat(start("playbooks/cut", incident, request).getName()).isEqualTo(run.getName());
        assertThatThrownBy(() -> start("playbooks/cut", incident, UUID.randomUUID()))
                .hasMessageContaining("FAILED_PRECONDITION")
                .hasMessageContaining("already");
        assertThatThrownBy(() -> start("playbooks/cut", incident("T1110"), request))
                .hasMessageContaining("ALREADY_EXISTS");
    }

    @Test
    void aPersonApprovesWhatThePlaybookWants() throws Exception {
        create(ISOLATE.formatted("cut", "true"));
        PlaybookRun run = start("playbooks/cut", incident("T1110"), UUID.randomUUID());
        TestResponder.await("the proposal", () -> !actions().isEmpty());
        Action waiting = actions().getFirst();
        assertThat(waiting.getState()).isEqualTo(ActionState.ACTION_STATE_PROPOSED);
        assertThat(waiting.getStateReason()).contains("its playbook wants a person");

        SERVICE.actions()
                .approveAction(
                        ApproveActionRequest.newBuilder().setName(waiting.getName()).build());

        PlaybookRun done = ended(run);
        assertThat(done.getState()).isEqualTo(PlaybookRunState.PLAYBOOK_RUN_STATE_SUCCEEDED);
        assertThat(step(done, "isolate").getApprovedBy()).isEqualTo("token-1");
        assertThat(done.getSourceSha256()).matches("[0-9a-f]{64}");
    }

    @Test
    void cancellingARunCancelsWhatHasNotBegun() throws Exception {
        create(ISOLATE.formatted("cut", "true"));
        PlaybookRun run = start("playbooks/cut", incident("T1110"), UUID.randomUUID());
        TestResponder.await("the proposal", () -> !actions().isEmpty());

        PlaybookRun cancelling = cancel(run);
        PlaybookRun cancelled = ended(run);

        assertThat(cancelling.getStateReason()).isEqualTo("cancelled by token-1: a drill");
        assertThat(cancelled.getState()).isEqualTo(PlaybookRunState.PLAYBOOK_RUN_STATE_CANCELLED);
        assertThat(cancelled.getStateReason()).isEqualTo("cancelled by token-1: a drill");
        assertThat(step(cancelled, "isolate").getDetail()).isEqualTo("the run ended first");
        assertThat(cancel(run)).isEqualTo(cancelled);
        assertThat(actions())
                .singleElement()
                .satisfies(action ->
                        assertThat(action.getState())
                                .isEqualTo(ActionState.ACTION_STATE_CANCELLED));
    }

    @Test
    void anAutomaticOneStartsOnceForEachIncidentItIsFor() throws Exception {
        create(
                "start: automatic\nwhen: incident.title == 'beacon'\n"
                        + ISOLATE.formatted("cut", false));
        Incident first = incident("T1110").toBuilder().setTitle("beacon").build();
        SERVICE.detection().publish(first.toBuilder().setTitle("scan").build());
        SERVICE.detection().publish(first);
        SERVICE.detection().publish(first.toBuilder().setConfidence(90).build());
        TestResponder.await("a run", () -> !runs().isEmpty());
        PlaybookRun run = ended(runs().getFirst());
        SERVICE.detection()
                .publish(
                        first.toBuilder()
                                .setName("incidents/" + UUID.randomUUID())
                                .addMergedFrom(first.getName())
                                .build());
        Incident last =
                first.toBuilder()
                        .setName("incidents/" + UUID.randomUUID())
                        .setAsset(first.getAsset().toBuilder().setInstanceId(TestService.DB))
                        .build();
        SERVICE.detection().publish(last);
        TestResponder.await("the last one is read", () -> runs().size() > 1);

        assertThat(runs())
                .extracting(PlaybookRun::getIncident)
                .containsExactly(last.getName(), first.getName());
        assertThat(run.getState()).isEqualTo(PlaybookRunState.PLAYBOOK_RUN_STATE_SUCCEEDED);
        assertThat(run.getStartedBy()).isEqualTo("yagura");
        assertThat(run.getReason()).isEqualTo("started by itself: beacon");
        assertThat(run.getAutomated()).isTrue();
        assertThat(RESPONDER.read(step(run, "isolate").getActions(0)).getAutomated()).isTrue();
        ended(runs().getFirst());
    }

    @Test
    void inQuietHoursAPersonApproves() throws Exception {
        create(
                """
                start: automatic
                when: incident.title == 'quiet'
                quiet_hours: {zone: UTC, from: "%s", to: "%s"}
                """
                                .formatted(
                                        LocalTime.now(ZoneOffset.UTC).minusHours(6),
                                        LocalTime.now(ZoneOffset.UTC).plusHours(6))
                        + ISOLATE.formatted("cut", false));
        SERVICE.detection().publish(incident("T1110").toBuilder().setTitle("quiet").build());
        TestResponder.await("the proposal", () -> !actions().isEmpty());

        assertThat(runs()).singleElement().satisfies(run -> assertThat(run.getQuiet()).isTrue());
        assertThat(actions())
                .singleElement()
                .satisfies(action ->
                        assertThat(action.getState()).isEqualTo(ActionState.ACTION_STATE_PROPOSED));
        cancel(runs().getFirst());
        ended(runs().getFirst());
    }

    @Test
    void everyChangeIsAVersionAndRunsKeepTheirs() throws Exception {
        Playbook first = create(ISOLATE.formatted("cut", "true"));
        PlaybookRun run = start("playbooks/cut", incident("T1110"), UUID.randomUUID());

        Playbook second = update(ISOLATE.formatted("cut", "false"), first.getEtag());
        assertThat(second.getVersion()).isEqualTo(2);
        assertThat(update(ISOLATE.formatted("cut", "false"), "")).isEqualTo(second);
        assertThatThrownBy(() -> update(ISOLATE.formatted("cut", "true"), first.getEtag()))
                .hasMessageContaining("ABORTED");
        assertThatThrownBy(() -> update(ISOLATE.formatted("other", "true"), ""))
                .hasMessageContaining("INVALID_ARGUMENT")
                .hasMessageContaining("keep the id");
        assertThatThrownBy(() -> create(ISOLATE.formatted("cut", "false")))
                .hasMessageContaining("ALREADY_EXISTS");
        assertThat(cancel(run).getVersion()).isEqualTo(1);

        playbooks()
                .deletePlaybook(
                        DeletePlaybookRequest.newBuilder().setName("playbooks/cut").build());
        assertThatThrownBy(() ->
                        playbooks()
                                .getPlaybook(
                                        GetPlaybookRequest.newBuilder()
                                                .setName("playbooks/cut")
                                                .build()))
                .hasMessageContaining("NOT_FOUND");
        assertThat(create(ISOLATE.formatted("cut", "false")).getVersion()).isEqualTo(3);
        assertThat(
                        playbooks()
                                .listPlaybooks(ListPlaybooksRequest.getDefaultInstance())
                                .getPlaybooksList())
                .extracting(Playbook::getVersion)
                .containsExactly(3);
    }

    @Test
    void refusesWhatItIsNotForAndWhatTheCallerMayNotSee() throws Exception {
        create(shipped());
        Incident other = incident("T1110");
        assertThatThrownBy(() -> start(NAME, other, UUID.randomUUID()))
                .hasMessageContaining("FAILED_PRECONDITION")
                .hasMessageContaining("is for other incidents: incident.tactics.exists");
        assertThatThrownBy(() ->
                        SERVICE.playbooksOf(Set.of("999988887777"))
                                .runPlaybook(request(NAME, incident("T1552.005")).build()))
                .hasMessageContaining("NOT_FOUND");
        assertThatThrownBy(() ->
                        start(
                                NAME,
                                Incident.newBuilder()
                                        .setName("incidents/" + UUID.randomUUID())
                                        .build(),
                                UUID.randomUUID()))
                .hasMessageContaining("NOT_FOUND");
        Incident merged =
                other.toBuilder()
                        .setName("incidents/" + UUID.randomUUID())
                        .setMergedInto(other.getName())
                        .build();
        SERVICE.detection().publish(merged);
        assertThatThrownBy(() -> start(NAME, merged, UUID.randomUUID()))
                .hasMessageContaining("FAILED_PRECONDITION")
                .hasMessageContaining("was merged into " + other.getName());
        assertThatThrownBy(() -> create("id: x\nsteps: none"))
                .hasMessageContaining("INVALID_ARGUMENT")
                .hasMessageContaining("line 2, column 8: steps is a list");
        assertThat(
                        playbooks()
                                .createPlaybook(
                                        CreatePlaybookRequest.newBuilder()
                                                .setSource(ISOLATE.formatted("cut", "false"))
                                                .setValidateOnly(true)
                                                .build())
                                .getSpec()
                                .getId())
                .isEqualTo("cut");
        assertThatThrownBy(() -> start("playbooks/cut", other, UUID.randomUUID()))
                .hasMessageContaining("NOT_FOUND");
    }

    private static String shipped() throws Exception {
        return Files.readString(
                Path.of("..", "deploy", "playbooks", "stolen-instance-credentials.yaml"));
    }

    private static Playbook create(String source) {
        return playbooks()
                .createPlaybook(CreatePlaybookRequest.newBuilder().setSource(source).build());
    }

    private static Playbook update(String source, String etag) {
        return playbooks()
                .updatePlaybook(
                        UpdatePlaybookRequest.newBuilder()
                                .setName("playbooks/cut")
                                .setSource(source)
                                .setEtag(etag)
                                .build());
    }

    private static Iterator<WatchPlaybookRunsResponse> watch(Incident incident) {
        return playbooks()
                .withDeadlineAfter(60, TimeUnit.SECONDS)
                .watchPlaybookRuns(
                        WatchPlaybookRunsRequest.newBuilder()
                                .setCursor(
                                        playbooks()
                                                .listPlaybookRuns(
                                                        ListPlaybookRunsRequest
                                                                .getDefaultInstance())
                                                .getCursor())
                                .setFilter(
                                        PlaybookRunFilter.newBuilder()
                                                .setIncident(incident.getName()))
                                .build());
    }

    /** The last state of the run that changes first. */
    private static PlaybookRun lastOf(Iterator<WatchPlaybookRunsResponse> watch) {
        PlaybookRun run = PlaybookRun.getDefaultInstance();
        while (!ENDED.contains(run.getState())) {
            WatchPlaybookRunsResponse change = watch.next();
            run = change.hasRun() ? change.getRun() : run;
        }
        return run;
    }

    private static PlaybookRun start(String playbook, Incident incident, UUID requestId) {
        return playbooks()
                .runPlaybook(
                        request(playbook, incident).setRequestId(requestId.toString()).build());
    }

    private static RunPlaybookRequest.Builder request(String playbook, Incident incident) {
        return RunPlaybookRequest.newBuilder()
                .setPlaybook(playbook)
                .setIncident(incident.getName())
                .setReason("seen")
                .setRequestId(UUID.randomUUID().toString());
    }

    private static PlaybookRun cancel(PlaybookRun run) {
        return playbooks()
                .cancelPlaybookRun(
                        CancelPlaybookRunRequest.newBuilder()
                                .setName(run.getName())
                                .setReason("a drill")
                                .build());
    }

    private static PlaybookRun ended(PlaybookRun run) {
        TestResponder.await(
                run.getName(),
                () -> {
                    // Snapshots take their time.
                    SERVICE.sandbox().advance(Duration.ofSeconds(5));
                    return ENDED.contains(read(run).getState());
                });
        return read(run);
    }

    private static PlaybookRun read(PlaybookRun run) {
        return playbooks()
                .getPlaybookRun(GetPlaybookRunRequest.newBuilder().setName(run.getName()).build());
    }

    private static List<PlaybookRun> runs() {
        return playbooks()
                .listPlaybookRuns(ListPlaybookRunsRequest.getDefaultInstance())
                .getRunsList();
    }

    private static StepRun step(PlaybookRun run, String id) {
        return run.getStepsList().stream()
                .filter(step -> step.getStep().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private static List<Action> actions() {
        return SERVICE.actions()
                .listActions(
                        ListActionsRequest.newBuilder()
                                .setFilter(ActionFilter.getDefaultInstance())
                                .build())
                .getActionsList();
    }

    private static PlaybookServiceBlockingStub playbooks() {
        return SERVICE.playbooksOf(Set.of());
    }

    private static AssetSnapshot host(String instance) {
        return AssetSnapshot.newBuilder()
                .setScope(TestService.TOKYO)
                .setInstanceId(instance)
                .build();
    }

    /** One that detection knows, not severe enough for a proposal. */
    private static Incident incident(String technique) {
        Incident incident =
                Incident.newBuilder()
                        .setName("incidents/" + UUID.randomUUID())
                        .setState(IncidentState.INCIDENT_STATE_OPEN)
                        .setSeverity(Severity.SEVERITY_HIGH)
                        .setScope(TestService.TOKYO)
                        .setAsset(host(TestService.WEB))
                        .addTactics(
                                TacticEvidence.newBuilder()
                                        .setTactic("credential-access")
                                        .addTechniques(technique))
                        .build();
        SERVICE.detection().publish(incident);
        return incident;
    }
}
