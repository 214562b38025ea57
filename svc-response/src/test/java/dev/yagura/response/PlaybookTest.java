package dev.yagura.response;

import static dev.yagura.response.TestPlaybooks.lastOf;
import static dev.yagura.response.TestPlaybooks.request;
import static dev.yagura.response.TestPlaybooks.step;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yagura.proto.detection.v1.AssetSnapshot;
import dev.yagura.proto.detection.v1.Incident;
import dev.yagura.proto.detection.v1.IncidentState;
import dev.yagura.proto.detection.v1.Reach;
import dev.yagura.proto.detection.v1.Severity;
import dev.yagura.proto.detection.v1.TacticEvidence;
import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionState;
import dev.yagura.proto.response.v1.ApproveActionRequest;
import dev.yagura.proto.response.v1.CreatePlaybookRequest;
import dev.yagura.proto.response.v1.DeletePlaybookRequest;
import dev.yagura.proto.response.v1.GetPlaybookRequest;
import dev.yagura.proto.response.v1.ListPlaybookRunsRequest;
import dev.yagura.proto.response.v1.ListPlaybooksRequest;
import dev.yagura.proto.response.v1.Playbook;
import dev.yagura.proto.response.v1.PlaybookRun;
import dev.yagura.proto.response.v1.PlaybookRunFilter;
import dev.yagura.proto.response.v1.PlaybookRunState;
import dev.yagura.proto.response.v1.RunPlaybookRequest;
import dev.yagura.proto.response.v1.StepRun;
import dev.yagura.proto.response.v1.StepState;
import dev.yagura.proto.response.v1.WatchPlaybookRunsResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
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
    private static final TestPlaybooks PLAYBOOKS = new TestPlaybooks(SERVICE);
    private static final String NAME = "playbooks/stolen-instance-credentials";
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
        PLAYBOOKS.create(shipped());
        Incident incident = incident("T1552.005");

        PlaybookRun dry =
                PLAYBOOKS
                        .calls()
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
        assertThat(PLAYBOOKS.actions()).isEmpty();
        assertThat(SERVICE.isolationGroup()).isNull();

        Iterator<WatchPlaybookRunsResponse> watch = PLAYBOOKS.watch(incident);
        PlaybookRun run = PLAYBOOKS.ended(PLAYBOOKS.start(NAME, incident, UUID.randomUUID()));

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
        assertThat(PLAYBOOKS.actions())
                .hasSize(3)
                .allMatch(action -> action.getPlaybookRun().equals(run.getName()))
                .allMatch(action -> action.getIncident().equals(incident.getName()))
                .allMatch(action -> action.getRequestedBy().equals("token-1"))
                .allMatch(action -> action.getReason().startsWith("seen (playbook stolen-"));
        assertThat(
                        PLAYBOOKS
                                .calls()
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
        PLAYBOOKS.create(
                ISOLATE.formatted("cut", "false")
                        + "    for_each: '[incident.asset] + incident.reach.assets'\n");
        Incident incident =
                incident("T1486").toBuilder()
                        .setReach(Reach.newBuilder().addAssets(host(TestService.DB)))
                        .build();
        SERVICE.detection().publish(incident);

        PlaybookRun dry =
                PLAYBOOKS
                        .calls()
                        .runPlaybook(
                                request("playbooks/cut", incident).setValidateOnly(true).build());
        assertThat(dry.getSteps(0).getElementsList())
                .hasSize(2)
                .allMatch(element -> element.getPlan().getCallsCount() > 0);

        Iterator<WatchPlaybookRunsResponse> watch = PLAYBOOKS.watch(incident);
        PlaybookRun run =
                PLAYBOOKS.ended(PLAYBOOKS.start("playbooks/cut", incident, UUID.randomUUID()));

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
        PLAYBOOKS.create(ISOLATE.formatted("cut", "true"));
        Incident incident = incident("T1110");
        UUID request = UUID.randomUUID();

        PlaybookRun run = PLAYBOOKS.start("playbooks/cut", incident, request);
        assertThat(PLAYBOOKS.start("playbooks/cut", incident, request).getName())
                .isEqualTo(run.getName());
        assertThatThrownBy(() -> PLAYBOOKS.start("playbooks/cut", incident, UUID.randomUUID()))
                .hasMessageContaining("FAILED_PRECONDITION")
                .hasMessageContaining("already");
        assertThatThrownBy(() -> PLAYBOOKS.start("playbooks/cut", incident("T1110"), request))
                .hasMessageContaining("ALREADY_EXISTS");
    }

    @Test
    void aPersonApprovesWhatThePlaybookWants() throws Exception {
        PLAYBOOKS.create(ISOLATE.formatted("cut", "true"));
        PlaybookRun run = PLAYBOOKS.start("playbooks/cut", incident("T1110"), UUID.randomUUID());
        TestResponder.await("the proposal", () -> !PLAYBOOKS.actions().isEmpty());
        Action waiting = PLAYBOOKS.actions().getFirst();
        assertThat(waiting.getState()).isEqualTo(ActionState.ACTION_STATE_PROPOSED);
        assertThat(waiting.getStateReason()).contains("its playbook wants a person");

        SERVICE.actions()
                .approveAction(
                        ApproveActionRequest.newBuilder().setName(waiting.getName()).build());

        PlaybookRun done = PLAYBOOKS.ended(run);
        assertThat(done.getState()).isEqualTo(PlaybookRunState.PLAYBOOK_RUN_STATE_SUCCEEDED);
        assertThat(step(done, "isolate").getApprovedBy()).isEqualTo("token-1");
        assertThat(done.getSourceSha256()).matches("[0-9a-f]{64}");
    }

    @Test
    void cancellingARunCancelsWhatHasNotBegun() throws Exception {
        PLAYBOOKS.create(ISOLATE.formatted("cut", "true"));
        PlaybookRun run = PLAYBOOKS.start("playbooks/cut", incident("T1110"), UUID.randomUUID());
        TestResponder.await("the proposal", () -> !PLAYBOOKS.actions().isEmpty());

        PlaybookRun cancelling = PLAYBOOKS.cancel(run);
        PlaybookRun cancelled = PLAYBOOKS.ended(run);

        assertThat(cancelling.getStateReason()).isEqualTo("cancelled by token-1: a drill");
        assertThat(cancelled.getState()).isEqualTo(PlaybookRunState.PLAYBOOK_RUN_STATE_CANCELLED);
        assertThat(cancelled.getStateReason()).isEqualTo("cancelled by token-1: a drill");
        assertThat(step(cancelled, "isolate").getDetail()).isEqualTo("the run ended first");
        assertThat(PLAYBOOKS.cancel(run)).isEqualTo(cancelled);
        assertThat(PLAYBOOKS.actions())
                .singleElement()
                .satisfies(action ->
                        assertThat(action.getState())
                                .isEqualTo(ActionState.ACTION_STATE_CANCELLED));
    }

    @Test
    void anAutomaticOneStartsOnceForEachIncidentItIsFor() throws Exception {
        PLAYBOOKS.create(
                "start: automatic\nwhen: incident.title == 'beacon'\n"
                        + ISOLATE.formatted("cut", false));
        Incident first = incident("T1110").toBuilder().setTitle("beacon").build();
        SERVICE.detection().publish(first.toBuilder().setTitle("scan").build());
        SERVICE.detection().publish(first);
        SERVICE.detection().publish(first.toBuilder().setConfidence(90).build());
        TestResponder.await("a run", () -> !PLAYBOOKS.runs().isEmpty());
        PlaybookRun run = PLAYBOOKS.ended(PLAYBOOKS.runs().getFirst());
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
        TestResponder.await("the last one is read", () -> PLAYBOOKS.runs().size() > 1);

        assertThat(PLAYBOOKS.runs())
                .extracting(PlaybookRun::getIncident)
                .containsExactly(last.getName(), first.getName());
        assertThat(run.getState()).isEqualTo(PlaybookRunState.PLAYBOOK_RUN_STATE_SUCCEEDED);
        assertThat(run.getStartedBy()).isEqualTo("yagura");
        assertThat(run.getReason()).isEqualTo("started by itself: beacon");
        assertThat(run.getAutomated()).isTrue();
        assertThat(RESPONDER.read(step(run, "isolate").getActions(0)).getAutomated()).isTrue();
        PLAYBOOKS.ended(PLAYBOOKS.runs().getFirst());
    }

    @Test
    void inQuietHoursAPersonApproves() throws Exception {
        PLAYBOOKS.create(
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
        TestResponder.await("the proposal", () -> !PLAYBOOKS.actions().isEmpty());

        assertThat(PLAYBOOKS.runs())
                .singleElement()
                .satisfies(run -> assertThat(run.getQuiet()).isTrue());
        assertThat(PLAYBOOKS.actions())
                .singleElement()
                .satisfies(action ->
                        assertThat(action.getState()).isEqualTo(ActionState.ACTION_STATE_PROPOSED));
        PLAYBOOKS.cancel(PLAYBOOKS.runs().getFirst());
        PLAYBOOKS.ended(PLAYBOOKS.runs().getFirst());
    }

    @Test
    void everyChangeIsAVersionAndRunsKeepTheirs() throws Exception {
        Playbook first = PLAYBOOKS.create(ISOLATE.formatted("cut", "true"));
        PlaybookRun run = PLAYBOOKS.start("playbooks/cut", incident("T1110"), UUID.randomUUID());

        Playbook second = PLAYBOOKS.update(ISOLATE.formatted("cut", "false"), first.getEtag());
        assertThat(second.getVersion()).isEqualTo(2);
        assertThat(PLAYBOOKS.update(ISOLATE.formatted("cut", "false"), "")).isEqualTo(second);
        assertThatThrownBy(
                        () -> PLAYBOOKS.update(ISOLATE.formatted("cut", "true"), first.getEtag()))
                .hasMessageContaining("ABORTED");
        assertThatThrownBy(() -> PLAYBOOKS.update(ISOLATE.formatted("other", "true"), ""))
                .hasMessageContaining("INVALID_ARGUMENT")
                .hasMessageContaining("keep the id");
        assertThatThrownBy(() -> PLAYBOOKS.create(ISOLATE.formatted("cut", "false")))
                .hasMessageContaining("ALREADY_EXISTS");
        assertThat(PLAYBOOKS.cancel(run).getVersion()).isEqualTo(1);

        PLAYBOOKS
                .calls()
                .deletePlaybook(
                        DeletePlaybookRequest.newBuilder().setName("playbooks/cut").build());
        assertThatThrownBy(() ->
                        PLAYBOOKS
                                .calls()
                                .getPlaybook(
                                        GetPlaybookRequest.newBuilder()
                                                .setName("playbooks/cut")
                                                .build()))
                .hasMessageContaining("NOT_FOUND");
        assertThat(PLAYBOOKS.create(ISOLATE.formatted("cut", "false")).getVersion()).isEqualTo(3);
        assertThat(
                        PLAYBOOKS
                                .calls()
                                .listPlaybooks(ListPlaybooksRequest.getDefaultInstance())
                                .getPlaybooksList())
                .extracting(Playbook::getVersion)
                .containsExactly(3);
    }

    @Test
    void refusesWhatItIsNotForAndWhatTheCallerMayNotSee() throws Exception {
        PLAYBOOKS.create(shipped());
        Incident other = incident("T1110");
        assertThatThrownBy(() -> PLAYBOOKS.start(NAME, other, UUID.randomUUID()))
                .hasMessageContaining("FAILED_PRECONDITION")
                .hasMessageContaining("is for other incidents: incident.tactics.exists");
        assertThatThrownBy(() ->
                        SERVICE.playbooksOf(Set.of("999988887777"))
                                .runPlaybook(request(NAME, incident("T1552.005")).build()))
                .hasMessageContaining("NOT_FOUND");
        assertThatThrownBy(() ->
                        PLAYBOOKS.start(
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
        assertThatThrownBy(() -> PLAYBOOKS.start(NAME, merged, UUID.randomUUID()))
                .hasMessageContaining("FAILED_PRECONDITION")
                .hasMessageContaining("was merged into " + other.getName());
        assertThatThrownBy(() -> PLAYBOOKS.create("id: x\nsteps: none"))
                .hasMessageContaining("INVALID_ARGUMENT")
                .hasMessageContaining("line 2, column 8: steps is a list");
        assertThat(
                        PLAYBOOKS
                                .calls()
                                .createPlaybook(
                                        CreatePlaybookRequest.newBuilder()
                                                .setSource(ISOLATE.formatted("cut", "false"))
                                                .setValidateOnly(true)
                                                .build())
                                .getSpec()
                                .getId())
                .isEqualTo("cut");
        assertThatThrownBy(() -> PLAYBOOKS.start("playbooks/cut", other, UUID.randomUUID()))
                .hasMessageContaining("NOT_FOUND");
    }

    private static String shipped() throws Exception {
        return Files.readString(
                Path.of("..", "deploy", "playbooks", "stolen-instance-credentials.yaml"));
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
