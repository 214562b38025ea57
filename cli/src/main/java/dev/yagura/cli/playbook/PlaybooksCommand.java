package dev.yagura.cli.playbook;

import dev.yagura.cli.connection.Connection;
import dev.yagura.cli.connection.Pause;
import dev.yagura.cli.output.Output;
import dev.yagura.cli.output.Output.Column;
import dev.yagura.cli.output.Pages;
import dev.yagura.cli.output.Printable;
import dev.yagura.cli.output.Texts;
import dev.yagura.proto.response.v1.CancelPlaybookRunRequest;
import dev.yagura.proto.response.v1.GetPlaybookRunRequest;
import dev.yagura.proto.response.v1.ListPlaybookRunsRequest;
import dev.yagura.proto.response.v1.ListPlaybookRunsResponse;
import dev.yagura.proto.response.v1.PlaybookRun;
import dev.yagura.proto.response.v1.PlaybookRunFilter;
import dev.yagura.proto.response.v1.PlaybookRunState;
import dev.yagura.proto.response.v1.PlaybookServiceGrpc.PlaybookServiceBlockingStub;
import dev.yagura.proto.response.v1.RunPlaybookRequest;
import dev.yagura.proto.response.v1.StepRun;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** `yagura playbooks`. */
@Command(
        name = "playbooks",
        mixinStandardHelpOptions = true,
        description = {
            "Playbooks, which answer an incident step by step: check, create, update, delete, list,"
                    + " show, export;",
            "and their runs: plan, run, runs, show-run, cancel."
        },
        footer = {
            "",
            "Examples:",
            "  yagura playbooks check deploy/playbooks/ransomware.yaml",
            "  yagura playbooks create deploy/playbooks/ransomware.yaml",
            "  yagura playbooks plan ransomware incidents/0198c0de-…",
            "  yagura playbooks run ransomware incidents/0198c0de-… --reason 'files renamed'",
            "  yagura playbooks runs --incident incidents/0198c0de-…"
        })
public final class PlaybooksCommand extends PlaybookTextCommands {
    private static final String INCIDENTS = "incidents/";
    private static final Duration LOOKS = Duration.ofMillis(300);
    private static final Set<PlaybookRunState> ENDED =
            EnumSet.of(
                    PlaybookRunState.PLAYBOOK_RUN_STATE_SUCCEEDED,
                    PlaybookRunState.PLAYBOOK_RUN_STATE_FAILED,
                    PlaybookRunState.PLAYBOOK_RUN_STATE_CANCELLED);

    private static final List<Column<PlaybookRun>> RUN_COLUMNS =
            List.of(
                    new Column<>("STARTED", run -> Texts.time(run.getCreateTime())),
                    new Column<>("PLAYBOOK", PlaybookRun::getPlaybook),
                    new Column<>(
                            "STATE", run -> Texts.constant(run.getState(), "PLAYBOOK_RUN_STATE_")),
                    new Column<>("BY", PlaybookRun::getStartedBy),
                    new Column<>("INCIDENT", PlaybookRun::getIncident),
                    new Column<>("NAME", PlaybookRun::getName));

    @Command(
            name = "plan",
            description = {
                "What each step would do for an incident now; nothing is stored or changed.",
                "Exit code 1 when a step would be refused."
            },
            mixinStandardHelpOptions = true)
    int plan(
            @Mixin Connection connection,
            @Mixin Output output,
            @Parameters(index = "0", paramLabel = "NAME", description = "Id of the playbook.")
                    String name,
            @Parameters(index = "1", paramLabel = "INCIDENT", description = "incidents/{id}")
                    String incident) {
        RunPlaybookRequest request = request(name, incident).setValidateOnly(true).build();
        PlaybookRun run = connection.call(channel -> stub(channel).runPlaybook(request));
        output.print(run, PlaybookReport::lines);
        boolean refused = run.getStepsList().stream().anyMatch(StepRun::getWouldFail);
        return refused ? 1 : 0;
    }

    @Command(
            name = "run",
            description = "Runs a playbook for an incident and waits until it has ended.",
            mixinStandardHelpOptions = true)
    int run(
            @Mixin Connection connection,
            @Mixin Output output,
            @Parameters(index = "0", paramLabel = "NAME", description = "Id of the playbook.")
                    String name,
            @Parameters(index = "1", paramLabel = "INCIDENT", description = "incidents/{id}")
                    String incident,
            @Option(names = "--reason", required = true, description = "Why.") String reason,
            @Option(
                            names = "--request-id",
                            description =
                                    "UUID; the same one never runs twice (default: a new one).")
                    UUID requestId,
            @Option(names = "--detach", description = "Does not wait.") boolean detach) {
        RunPlaybookRequest request =
                request(name, incident)
                        .setReason(reason)
                        .setRequestId(
                                (requestId == null ? UUID.randomUUID() : requestId).toString())
                        .build();
        return connection.call(channel -> {
            PlaybookRun started = stub(channel).runPlaybook(request);
            if (detach) {
                output.print(List.of(started), RUN_COLUMNS);
                return 0;
            }
            return follow(stub(channel), started, output);
        });
    }

    @Command(name = "runs", description = "Runs, newest first.", mixinStandardHelpOptions = true)
    void runs(
            @Mixin Connection connection,
            @Mixin Output output,
            @Option(names = "--playbook", defaultValue = "", description = "Only of this one.")
                    String playbook,
            @Option(names = "--incident", defaultValue = "", description = "Only for this one.")
                    String incident,
            @Option(
                            names = "--state",
                            defaultValue = "unspecified",
                            description = "running, succeeded, failed, cancelled, cancelling.")
                    String state,
            @Option(
                            names = "--steps",
                            description = "Each run with its steps, and the elements of lists.")
                    boolean steps,
            @Option(names = "--limit", defaultValue = "50", description = "At most so many.")
                    int limit) {
        PlaybookRunFilter filter =
                PlaybookRunFilter.newBuilder()
                        .setPlaybook(playbook.isEmpty() ? "" : named(PLAYBOOKS, playbook))
                        .setIncident(incident.isEmpty() ? "" : named(INCIDENTS, incident))
                        .setState(Texts.parse(PlaybookRunState.class, "PLAYBOOK_RUN_STATE_", state))
                        .build();
        List<PlaybookRun> runs =
                connection.call(channel ->
                        Pages.collect(
                                limit,
                                (size, token) ->
                                        stub(channel)
                                                .listPlaybookRuns(
                                                        ListPlaybookRunsRequest.newBuilder()
                                                                .setPageSize(size)
                                                                .setPageToken(token)
                                                                .setFilter(filter)
                                                                .build()),
                                ListPlaybookRunsResponse::getRunsList,
                                ListPlaybookRunsResponse::getNextPageToken));
        if (steps && !output.isJson()) {
            runs.forEach(run -> PlaybookReport.lines(run).forEach(output::line));
            output.flush();
        } else {
            output.print(runs, RUN_COLUMNS);
        }
    }

    @Command(
            name = "show-run",
            description = "One run: how each step stands.",
            mixinStandardHelpOptions = true)
    void showRun(
            @Mixin Connection connection,
            @Mixin Output output,
            @Parameters(paramLabel = "RUN", description = "playbookRuns/{id}") String name) {
        output.print(connection.call(channel -> get(stub(channel), name)), PlaybookReport::lines);
    }

    @Command(
            name = "cancel",
            description = {
                "Ends a run: no further step begins, actions that have not begun are cancelled.",
                "What is done stays done; undo its actions one by one."
            },
            mixinStandardHelpOptions = true)
    void cancel(
            @Mixin Connection connection,
            @Mixin Output output,
            @Parameters(paramLabel = "RUN", description = "playbookRuns/{id}") String name,
            @Option(names = "--reason", required = true, description = "Why.") String reason) {
        CancelPlaybookRunRequest request =
                CancelPlaybookRunRequest.newBuilder().setName(name).setReason(reason).build();
        PlaybookRun cancelled =
                connection.call(channel -> stub(channel).cancelPlaybookRun(request));
        output.print(List.of(cancelled), RUN_COLUMNS);
    }

    /** Prints each change of a step until the run has ended; 0 when it ended well. */
    private static int follow(
            PlaybookServiceBlockingStub stub, PlaybookRun started, Output output) {
        PlaybookRun run = started;
        Set<String> shown = new HashSet<>();
        output.line(run.getName());
        while (true) {
            String time = Texts.time(run.getUpdateTime());
            run.getStepsList().stream()
                    .flatMap(
                            step -> Stream.concat(Stream.of(step), step.getElementsList().stream()))
                    .filter(StepRun::hasStartTime)
                    .map(PlaybookReport::standing)
                    .filter(shown::add)
                    .forEach(line -> output.line(time + "  " + Printable.of(line)));
            output.flush();
            if (ENDED.contains(run.getState())) {
                output.print(run, PlaybookReport::lines);
                return run.getState() == PlaybookRunState.PLAYBOOK_RUN_STATE_SUCCEEDED ? 0 : 1;
            }
            Pause.between(LOOKS, "the run goes on, see `yagura playbooks runs`");
            run = get(stub, run.getName());
        }
    }

    private static RunPlaybookRequest.Builder request(String name, String incident) {
        return RunPlaybookRequest.newBuilder()
                .setPlaybook(named(PLAYBOOKS, name))
                .setIncident(named(INCIDENTS, incident));
    }

    private static PlaybookRun get(PlaybookServiceBlockingStub stub, String name) {
        return stub.getPlaybookRun(GetPlaybookRunRequest.newBuilder().setName(name).build());
    }
}
