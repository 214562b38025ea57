package dev.yagura.cli.playbook;

import dev.yagura.cli.connection.Connection;
import dev.yagura.cli.connection.TextFiles;
import dev.yagura.cli.connection.UsageException;
import dev.yagura.cli.output.Output;
import dev.yagura.cli.output.Output.Column;
import dev.yagura.cli.output.Pages;
import dev.yagura.cli.output.Printable;
import dev.yagura.cli.output.Texts;
import dev.yagura.proto.response.v1.CancelPlaybookRunRequest;
import dev.yagura.proto.response.v1.CreatePlaybookRequest;
import dev.yagura.proto.response.v1.DeletePlaybookRequest;
import dev.yagura.proto.response.v1.ExportPlaybookRequest;
import dev.yagura.proto.response.v1.GetPlaybookRequest;
import dev.yagura.proto.response.v1.GetPlaybookRunRequest;
import dev.yagura.proto.response.v1.ListPlaybookRunsRequest;
import dev.yagura.proto.response.v1.ListPlaybookRunsResponse;
import dev.yagura.proto.response.v1.ListPlaybooksRequest;
import dev.yagura.proto.response.v1.ListPlaybooksResponse;
import dev.yagura.proto.response.v1.Playbook;
import dev.yagura.proto.response.v1.PlaybookFormat;
import dev.yagura.proto.response.v1.PlaybookRun;
import dev.yagura.proto.response.v1.PlaybookRunFilter;
import dev.yagura.proto.response.v1.PlaybookRunState;
import dev.yagura.proto.response.v1.PlaybookServiceGrpc;
import dev.yagura.proto.response.v1.PlaybookServiceGrpc.PlaybookServiceBlockingStub;
import dev.yagura.proto.response.v1.RunPlaybookRequest;
import dev.yagura.proto.response.v1.StepRun;
import dev.yagura.proto.response.v1.UpdatePlaybookRequest;
import io.grpc.Channel;
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
public final class PlaybooksCommand {
    private static final String PLAYBOOKS = "playbooks/";
    private static final String INCIDENTS = "incidents/";
    private static final String FILE =
            "YAML, or CACAO 2.0 when its name ends with .json; - is standard input, YAML.";

    private static final Set<PlaybookRunState> ENDED =
            EnumSet.of(
                    PlaybookRunState.PLAYBOOK_RUN_STATE_SUCCEEDED,
                    PlaybookRunState.PLAYBOOK_RUN_STATE_FAILED,
                    PlaybookRunState.PLAYBOOK_RUN_STATE_CANCELLED);

    private static final List<Column<Playbook>> COLUMNS =
            List.of(
                    new Column<>("VERSION", playbook -> Integer.toString(playbook.getVersion())),
                    new Column<>("OF", playbook -> Texts.time(playbook.getCreateTime())),
                    new Column<>("BY", Playbook::getAuthor),
                    new Column<>("TITLE", playbook -> playbook.getSpec().getTitle()),
                    new Column<>("NAME", Playbook::getName));

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
            name = "check",
            description = "What is wrong with a playbook, with line and column; stores nothing.",
            mixinStandardHelpOptions = true)
    void check(
            @Mixin Connection connection,
            @Mixin Output output,
            @Parameters(paramLabel = "FILE", description = FILE) String file) {
        Playbook checked = create(connection, file, true);
        if (output.isJson()) {
            output.json(checked);
        } else {
            output.line(checked.getName() + " is valid");
        }
        output.flush();
    }

    @Command(
            name = "create",
            description = "Stores a playbook as version 1.",
            mixinStandardHelpOptions = true)
    void create(
            @Mixin Connection connection,
            @Mixin Output output,
            @Parameters(paramLabel = "FILE", description = FILE) String file) {
        output.print(List.of(create(connection, file, false)), COLUMNS);
    }

    private static Playbook create(Connection connection, String file, boolean validateOnly) {
        CreatePlaybookRequest request =
                CreatePlaybookRequest.newBuilder()
                        .setSource(TextFiles.read(file))
                        .setFormat(format(file))
                        .setValidateOnly(validateOnly)
                        .build();
        return connection.call(channel -> stub(channel).createPlaybook(request));
    }

    @Command(
            name = "update",
            description = "Makes the next version; runs that go on keep theirs.",
            mixinStandardHelpOptions = true)
    void update(
            @Mixin Connection connection,
            @Mixin Output output,
            @Parameters(index = "0", paramLabel = "NAME", description = "Id of the playbook.")
                    String name,
            @Parameters(index = "1", paramLabel = "FILE", description = FILE) String file,
            @Option(
                            names = "--etag",
                            defaultValue = "",
                            description = "Only if it is still the version with this etag.")
                    String etag) {
        UpdatePlaybookRequest request =
                UpdatePlaybookRequest.newBuilder()
                        .setName(named(PLAYBOOKS, name))
                        .setSource(TextFiles.read(file))
                        .setFormat(format(file))
                        .setEtag(etag)
                        .build();
        Playbook updated = connection.call(channel -> stub(channel).updatePlaybook(request));
        output.print(List.of(updated), COLUMNS);
    }

    @Command(
            name = "delete",
            description = "Takes a playbook off the list; its runs stay and go on.",
            mixinStandardHelpOptions = true)
    void delete(
            @Mixin Connection connection,
            @Mixin Output output,
            @Parameters(paramLabel = "NAME", description = "Id of the playbook.") String name) {
        DeletePlaybookRequest request =
                DeletePlaybookRequest.newBuilder().setName(named(PLAYBOOKS, name)).build();
        connection.call(channel -> stub(channel).deletePlaybook(request));
        output.line(request.getName() + " is deleted");
        output.flush();
    }

    @Command(name = "list", description = "Playbooks by id.", mixinStandardHelpOptions = true)
    void list(
            @Mixin Connection connection,
            @Mixin Output output,
            @Option(names = "--limit", defaultValue = "500", description = "At most so many.")
                    int limit) {
        output.print(
                connection.call(channel ->
                        Pages.collect(
                                limit,
                                (size, token) ->
                                        stub(channel)
                                                .listPlaybooks(
                                                        ListPlaybooksRequest.newBuilder()
                                                                .setPageSize(size)
                                                                .setPageToken(token)
                                                                .build()),
                                ListPlaybooksResponse::getPlaybooksList,
                                ListPlaybooksResponse::getNextPageToken)),
                COLUMNS);
    }

    @Command(
            name = "show",
            description = "The newest version of a playbook, as it was written.",
            mixinStandardHelpOptions = true)
    void show(
            @Mixin Connection connection,
            @Mixin Output output,
            @Parameters(paramLabel = "NAME", description = "Id of the playbook.") String name) {
        GetPlaybookRequest request =
                GetPlaybookRequest.newBuilder().setName(named(PLAYBOOKS, name)).build();
        Playbook playbook = connection.call(channel -> stub(channel).getPlaybook(request));
        if (output.isJson()) {
            output.json(playbook);
        } else {
            output.print(List.of(playbook), COLUMNS);
            output.line("");
            output.line(playbook.getSource());
        }
        output.flush();
    }

    @Command(
            name = "export",
            description = "The newest version in the form of another tool, to standard output.",
            mixinStandardHelpOptions = true)
    void export(
            @Mixin Connection connection,
            @Mixin Output output,
            @Parameters(paramLabel = "NAME", description = "Id of the playbook.") String name,
            @Option(names = "--format", defaultValue = "cacao", description = "cacao, asl or yaml.")
                    String format) {
        ExportPlaybookRequest request =
                ExportPlaybookRequest.newBuilder()
                        .setName(named(PLAYBOOKS, name))
                        .setFormat(Texts.parse(PlaybookFormat.class, "PLAYBOOK_FORMAT_", format))
                        .build();
        output.line(connection.call(channel -> stub(channel).exportPlaybook(request)).getContent());
        output.flush();
    }

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
        print(output, run);
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
        print(output, connection.call(channel -> get(stub(channel), name)));
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
                print(output, run);
                return run.getState() == PlaybookRunState.PLAYBOOK_RUN_STATE_SUCCEEDED ? 0 : 1;
            }
            pause();
            run = get(stub, run.getName());
        }
    }

    private static void pause() {
        try {
            Thread.sleep(300);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UsageException("interrupted; the run goes on, see `yagura playbooks runs`");
        }
    }

    private static PlaybookFormat format(String file) {
        return file.endsWith(".json")
                ? PlaybookFormat.PLAYBOOK_FORMAT_CACAO
                : PlaybookFormat.PLAYBOOK_FORMAT_YAML;
    }

    private static RunPlaybookRequest.Builder request(String name, String incident) {
        return RunPlaybookRequest.newBuilder()
                .setPlaybook(named(PLAYBOOKS, name))
                .setIncident(named(INCIDENTS, incident));
    }

    /** People write the id alone, or the whole name. */
    private static String named(String collection, String name) {
        return name.startsWith(collection) ? name : collection + name;
    }

    private static PlaybookServiceBlockingStub stub(Channel channel) {
        return PlaybookServiceGrpc.newBlockingStub(channel);
    }

    private static PlaybookRun get(PlaybookServiceBlockingStub stub, String name) {
        return stub.getPlaybookRun(GetPlaybookRunRequest.newBuilder().setName(name).build());
    }

    private static void print(Output output, PlaybookRun run) {
        if (output.isJson()) {
            output.json(run);
        } else {
            PlaybookReport.lines(run).forEach(output::line);
        }
        output.flush();
    }
}
