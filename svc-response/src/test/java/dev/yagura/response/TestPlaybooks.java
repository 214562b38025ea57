package dev.yagura.response;

import dev.yagura.proto.detection.v1.Incident;
import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionFilter;
import dev.yagura.proto.response.v1.CancelPlaybookRunRequest;
import dev.yagura.proto.response.v1.CreatePlaybookRequest;
import dev.yagura.proto.response.v1.GetPlaybookRunRequest;
import dev.yagura.proto.response.v1.ListActionsRequest;
import dev.yagura.proto.response.v1.ListPlaybookRunsRequest;
import dev.yagura.proto.response.v1.Playbook;
import dev.yagura.proto.response.v1.PlaybookRun;
import dev.yagura.proto.response.v1.PlaybookRunFilter;
import dev.yagura.proto.response.v1.PlaybookRunState;
import dev.yagura.proto.response.v1.PlaybookServiceGrpc.PlaybookServiceBlockingStub;
import dev.yagura.proto.response.v1.RunPlaybookRequest;
import dev.yagura.proto.response.v1.StepRun;
import dev.yagura.proto.response.v1.UpdatePlaybookRequest;
import dev.yagura.proto.response.v1.WatchPlaybookRunsRequest;
import dev.yagura.proto.response.v1.WatchPlaybookRunsResponse;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** Playbooks as a responder writes and runs them through the public contract. */
record TestPlaybooks(TestService service) {
    private static final Set<PlaybookRunState> ENDED =
            Set.of(
                    PlaybookRunState.PLAYBOOK_RUN_STATE_SUCCEEDED,
                    PlaybookRunState.PLAYBOOK_RUN_STATE_FAILED,
                    PlaybookRunState.PLAYBOOK_RUN_STATE_CANCELLED);

    Playbook create(String source) {
        return calls().createPlaybook(CreatePlaybookRequest.newBuilder().setSource(source).build());
    }

    /** The playbook "cut". */
    Playbook update(String source, String etag) {
        return calls().updatePlaybook(
                        UpdatePlaybookRequest.newBuilder()
                                .setName("playbooks/cut")
                                .setSource(source)
                                .setEtag(etag)
                                .build());
    }

    /** Changes of the runs for an incident from now on. */
    Iterator<WatchPlaybookRunsResponse> watch(Incident incident) {
        return calls().withDeadlineAfter(60, TimeUnit.SECONDS)
                .watchPlaybookRuns(
                        WatchPlaybookRunsRequest.newBuilder()
                                .setCursor(
                                        calls().listPlaybookRuns(
                                                        ListPlaybookRunsRequest
                                                                .getDefaultInstance())
                                                .getCursor())
                                .setFilter(
                                        PlaybookRunFilter.newBuilder()
                                                .setIncident(incident.getName()))
                                .build());
    }

    /** The last state of the run that changes first. */
    static PlaybookRun lastOf(Iterator<WatchPlaybookRunsResponse> watch) {
        PlaybookRun run = PlaybookRun.getDefaultInstance();
        while (!ENDED.contains(run.getState())) {
            WatchPlaybookRunsResponse change = watch.next();
            run = change.hasRun() ? change.getRun() : run;
        }
        return run;
    }

    PlaybookRun start(String playbook, Incident incident, UUID requestId) {
        return calls().runPlaybook(
                        request(playbook, incident).setRequestId(requestId.toString()).build());
    }

    static RunPlaybookRequest.Builder request(String playbook, Incident incident) {
        return RunPlaybookRequest.newBuilder()
                .setPlaybook(playbook)
                .setIncident(incident.getName())
                .setReason("seen")
                .setRequestId(UUID.randomUUID().toString());
    }

    PlaybookRun cancel(PlaybookRun run) {
        return calls().cancelPlaybookRun(
                        CancelPlaybookRunRequest.newBuilder()
                                .setName(run.getName())
                                .setReason("a drill")
                                .build());
    }

    /** The run when it has ended. */
    PlaybookRun ended(PlaybookRun run) {
        TestResponder.await(
                run.getName(),
                () -> {
                    // Snapshots take their time.
                    service.sandbox().advance(Duration.ofSeconds(5));
                    return ENDED.contains(read(run).getState());
                });
        return read(run);
    }

    PlaybookRun read(PlaybookRun run) {
        return calls().getPlaybookRun(
                        GetPlaybookRunRequest.newBuilder().setName(run.getName()).build());
    }

    List<PlaybookRun> runs() {
        return calls().listPlaybookRuns(ListPlaybookRunsRequest.getDefaultInstance()).getRunsList();
    }

    static StepRun step(PlaybookRun run, String id) {
        return run.getStepsList().stream()
                .filter(step -> step.getStep().equals(id))
                .findFirst()
                .orElseThrow();
    }

    List<Action> actions() {
        return service.actions()
                .listActions(
                        ListActionsRequest.newBuilder()
                                .setFilter(ActionFilter.getDefaultInstance())
                                .build())
                .getActionsList();
    }

    /** As a responder. */
    PlaybookServiceBlockingStub calls() {
        return service.playbooksOf(Set.of());
    }
}
