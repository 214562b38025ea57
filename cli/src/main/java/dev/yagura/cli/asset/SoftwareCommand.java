package dev.yagura.cli.asset;

import dev.yagura.cli.connection.Connection;
import dev.yagura.cli.connection.UsageException;
import dev.yagura.cli.output.Output;
import dev.yagura.cli.output.Output.Column;
import dev.yagura.cli.output.Pages;
import dev.yagura.cli.output.Printable;
import dev.yagura.cli.output.Texts;
import dev.yagura.proto.inventory.v1.AssetServiceGrpc;
import dev.yagura.proto.inventory.v1.InstalledSoftware;
import dev.yagura.proto.inventory.v1.ListInstalledSoftwareRequest;
import dev.yagura.proto.inventory.v1.ListInstalledSoftwareResponse;
import dev.yagura.proto.inventory.v1.UnsureHosts;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** `yagura assets software`. */
@Command(
        name = "software",
        description =
                "What is installed on a host, or which hosts have a package, as Systems Manager's"
                        + " inventory last told; and where that is not known. With -o json the"
                        + " last line says that, if there is anything.",
        footer = {
            "",
            "Examples:",
            "  yagura assets software i-0abc…",
            "  yagura assets software --name xz-utils --version 5.6.1",
            "  yagura assets software i-0abc… --name openssl -o json"
        })
final class SoftwareCommand implements Runnable {
    private static final List<Column<InstalledSoftware>> COLUMNS =
            List.of(
                    new Column<>("HOST", InstalledSoftware::getNativeId),
                    new Column<>("ACCOUNT", each -> each.getScope().getAccountId()),
                    new Column<>("REGION", each -> each.getScope().getRegion()),
                    new Column<>("SOFTWARE", InstalledSoftware::getName),
                    new Column<>("VERSION", InstalledSoftware::getVersion),
                    new Column<>("RELEASE", InstalledSoftware::getRelease),
                    new Column<>("ARCHITECTURE", InstalledSoftware::getArchitecture),
                    new Column<>("PUBLISHER", InstalledSoftware::getPublisher),
                    new Column<>("INSTALLED", each -> Texts.time(each.getInstallTime())),
                    new Column<>("CAPTURED", each -> Texts.time(each.getCaptureTime())),
                    new Column<>("NAME", InstalledSoftware::getAsset));

    @Mixin private Connection connection = new Connection();

    @Mixin private Output output = new Output();

    // The standard options would take --version.
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help message and exit.")
    private boolean help;

    @Parameters(
            arity = "0..1",
            paramLabel = "HOST",
            defaultValue = "",
            description = "Only of this one: an instance id, or assets/{id}.")
    private String host = "";

    @Option(
            names = "--name",
            defaultValue = "",
            description = "Only what is called so, in upper or lower case; the whole name.")
    private String name = "";

    @Option(
            names = "--version",
            defaultValue = "",
            description = "Only this version, as it is written; with --name.")
    private String version = "";

    @Option(names = "--limit", defaultValue = "500", description = "At most so many lines.")
    private int limit = 500;

    private String problem = "";
    private UnsureHosts unsure = UnsureHosts.getDefaultInstance();
    private boolean more;

    @Override
    public void run() {
        if (host.isEmpty() && name.isEmpty()) {
            throw new UsageException("give a host, --name, or both");
        }
        List<InstalledSoftware> found =
                connection.call(channel -> {
                    var stub = AssetServiceGrpc.newBlockingStub(channel);
                    ListInstalledSoftwareRequest.Builder request =
                            ListInstalledSoftwareRequest.newBuilder()
                                    .setName(name)
                                    .setVersion(version);
                    if (!host.isEmpty()) {
                        request.setAsset(AssetNames.of(stub, host));
                    }
                    return Pages.collect(
                            limit,
                            (size, token) ->
                                    noted(
                                            stub.listInstalledSoftware(
                                                    request.setPageSize(size)
                                                            .setPageToken(token)
                                                            .build())),
                            ListInstalledSoftwareResponse::getSoftwareList,
                            ListInstalledSoftwareResponse::getNextPageToken);
                });
        output.print(found, COLUMNS);
        if (output.isJson() && (!problem.isEmpty() || unsure.getSerializedSize() > 0)) {
            ListInstalledSoftwareResponse.Builder doubts =
                    ListInstalledSoftwareResponse.newBuilder().setProblem(problem);
            if (problem.isEmpty()) {
                doubts.setUnsure(unsure);
            }
            output.json(doubts.build());
        }
        if (more) {
            output.line("There is more: --limit");
        }
        if (!problem.isEmpty()) {
            output.line("Not known for sure: " + Printable.of(problem));
        }
        say(unsure.getUnknown(), "of which nothing is known");
        say(unsure.getOutdated(), "whose software was captured more than a day ago");
        say(unsure.getCut(), "with more software than is kept");
        output.flush();
    }

    private ListInstalledSoftwareResponse noted(ListInstalledSoftwareResponse answer) {
        problem = answer.getProblem();
        more = !answer.getNextPageToken().isEmpty();
        if (answer.hasUnsure()) {
            unsure = answer.getUnsure();
        }
        return answer;
    }

    private void say(int hosts, String which) {
        if (hosts > 0) {
            output.line(
                    "Not known for sure: %d %s %s; they may have it"
                            .formatted(hosts, hosts == 1 ? "host" : "hosts", which));
        }
    }
}
