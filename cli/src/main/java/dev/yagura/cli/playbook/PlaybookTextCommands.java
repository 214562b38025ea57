package dev.yagura.cli.playbook;

import dev.yagura.cli.connection.Connection;
import dev.yagura.cli.connection.TextFiles;
import dev.yagura.cli.output.Output;
import dev.yagura.cli.output.Output.Column;
import dev.yagura.cli.output.Pages;
import dev.yagura.cli.output.Texts;
import dev.yagura.proto.response.v1.CreatePlaybookRequest;
import dev.yagura.proto.response.v1.DeletePlaybookRequest;
import dev.yagura.proto.response.v1.ExportPlaybookRequest;
import dev.yagura.proto.response.v1.GetPlaybookRequest;
import dev.yagura.proto.response.v1.ListPlaybooksRequest;
import dev.yagura.proto.response.v1.ListPlaybooksResponse;
import dev.yagura.proto.response.v1.Playbook;
import dev.yagura.proto.response.v1.PlaybookFormat;
import dev.yagura.proto.response.v1.PlaybookServiceGrpc;
import dev.yagura.proto.response.v1.PlaybookServiceGrpc.PlaybookServiceBlockingStub;
import dev.yagura.proto.response.v1.UpdatePlaybookRequest;
import io.grpc.Channel;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Subcommands of `yagura playbooks` that are about what is written, not about runs. */
@Command
abstract class PlaybookTextCommands {
    static final String PLAYBOOKS = "playbooks/";
    private static final String FILE =
            "YAML, or CACAO 2.0 when its name ends with .json; - is standard input, YAML.";

    private static final List<Column<Playbook>> COLUMNS =
            List.of(
                    new Column<>("VERSION", playbook -> Integer.toString(playbook.getVersion())),
                    new Column<>("OF", playbook -> Texts.time(playbook.getCreateTime())),
                    new Column<>("BY", Playbook::getAuthor),
                    new Column<>("TITLE", playbook -> playbook.getSpec().getTitle()),
                    new Column<>("NAME", Playbook::getName));

    @Command(
            name = "check",
            description = "What is wrong with a playbook, with line and column; stores nothing.",
            mixinStandardHelpOptions = true)
    void check(
            @Mixin Connection connection,
            @Mixin Output output,
            @Parameters(paramLabel = "FILE", description = FILE) String file) {
        Playbook checked = create(connection, file, true);
        output.print(checked, each -> List.of(each.getName() + " is valid"));
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

    private static PlaybookFormat format(String file) {
        return file.endsWith(".json")
                ? PlaybookFormat.PLAYBOOK_FORMAT_CACAO
                : PlaybookFormat.PLAYBOOK_FORMAT_YAML;
    }

    /** People write the id alone, or the whole name. */
    static String named(String collection, String name) {
        return name.startsWith(collection) ? name : collection + name;
    }

    static PlaybookServiceBlockingStub stub(Channel channel) {
        return PlaybookServiceGrpc.newBlockingStub(channel);
    }
}
