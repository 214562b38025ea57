package dev.yagura.cli.coverage;

import com.google.protobuf.util.Durations;
import dev.yagura.cli.connection.Connection;
import dev.yagura.cli.output.Output;
import dev.yagura.cli.output.Output.Column;
import dev.yagura.cli.output.Pages;
import dev.yagura.cli.output.Texts;
import dev.yagura.proto.inventory.v1.AssetCoverage;
import dev.yagura.proto.inventory.v1.CoverageFilter;
import dev.yagura.proto.inventory.v1.CoverageFinding;
import dev.yagura.proto.inventory.v1.CoverageReason;
import dev.yagura.proto.inventory.v1.CoverageServiceGrpc;
import dev.yagura.proto.inventory.v1.CoverageStanding;
import dev.yagura.proto.inventory.v1.CoverageSummary;
import dev.yagura.proto.inventory.v1.GetCoverageSummaryRequest;
import dev.yagura.proto.inventory.v1.ListCoverageRequest;
import dev.yagura.proto.inventory.v1.ListCoverageResponse;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** `yagura coverage`. */
@Command(
        name = "coverage",
        mixinStandardHelpOptions = true,
        description =
                "Which hosts, tasks and functions are protected, which are not, why, and what to do.",
        footer = {
            "",
            "Examples:",
            "  yagura coverage --gaps",
            "  yagura coverage --reason agent-silent --min-age PT1H",
            "  yagura coverage --type AWS::ECS::Task",
            "  yagura coverage summary --account 111122223333"
        })
public final class CoverageCommand implements Runnable {
    private static final String REASON_PREFIX = "COVERAGE_REASON_";

    /** A line for each gap and unknown of an asset, and one for an asset without any. */
    private static final List<Column<AssetCoverage>> COLUMNS =
            List.of(
                    new Column<>(
                            "STANDING",
                            host -> Texts.constant(host.getStanding(), "COVERAGE_STANDING_")),
                    new Column<>("ASSET", AssetCoverage::getNativeId),
                    new Column<>("HOST", AssetCoverage::getHostname),
                    new Column<>(
                            "REASON",
                            host ->
                                    finding(host).getReason()
                                                    == CoverageReason.COVERAGE_REASON_UNSPECIFIED
                                            ? "-"
                                            : word(finding(host).getReason())),
                    new Column<>("SINCE", host -> Texts.time(finding(host).getSince())),
                    new Column<>("OWNER", AssetCoverage::getOwner),
                    new Column<>("DETAIL", host -> finding(host).getDetail()),
                    new Column<>("REMEDY", host -> finding(host).getRemedy()));

    @Mixin private Connection connection = new Connection();
    @Mixin private Output output = new Output();

    @Option(names = "--gaps", description = "Only those with a gap.")
    private boolean gaps;

    @Option(names = "--account", defaultValue = "", description = "AWS account, twelve digits.")
    private String account = "";

    @Option(
            names = "--reason",
            defaultValue = "unspecified",
            description =
                    "no-agent, agent-silent, agent-revoked, sensor-degraded, ssm-not-managed,"
                            + " ssm-connection-lost, instance-stale, ssm-unread, agent-outdated,"
                            + " not-recorded, unsupported-kind, agent-duplicate, agent-key-shared,"
                            + " guardduty-off, guardduty-unread.")
    private String reason = "";

    @Option(
            names = "--type",
            defaultValue = "",
            description =
                    "Only AWS::EC2::Instance, AWS::ECS::Task, AWS::Lambda::Function or"
                            + " Yagura::Host.")
    private String type = "";

    @Option(
            names = "--min-age",
            description = "Only what has lasted at least as long, ISO-8601, for example PT1H.")
    private @Nullable Duration minAge;

    @Option(
            names = "--filter",
            defaultValue = "",
            description = "Only these, for example 'tags.env = prod AND NOT owner:*'.")
    private String expression = "";

    @Option(names = "--limit", defaultValue = "50", description = "Assets at most.")
    private int limit;

    @Override
    public void run() {
        CoverageFilter filter = filter();
        List<AssetCoverage> hosts =
                connection.call(channel -> {
                    var stub = CoverageServiceGrpc.newBlockingStub(channel);
                    return Pages.collect(
                            limit,
                            (size, token) ->
                                    stub.listCoverage(
                                            ListCoverageRequest.newBuilder()
                                                    .setPageSize(size)
                                                    .setPageToken(token)
                                                    .setFilter(filter)
                                                    .build()),
                            ListCoverageResponse::getCoverageList,
                            ListCoverageResponse::getNextPageToken);
                });
        if (output.isJson()) {
            output.print(hosts, COLUMNS);
            output.flush();
            return;
        }
        output.print(hosts.stream().flatMap(CoverageCommand::lines).toList(), COLUMNS);
        if (hosts.size() == limit) {
            output.line("the first " + limit + "; --limit shows more");
        }
        output.line("");
        SummaryText.of(summary(connection, account)).forEach(output::line);
        output.flush();
    }

    @Command(
            name = "summary",
            description =
                    "How many assets are protected, and how many are not, by type and reason.",
            mixinStandardHelpOptions = true)
    void summary(
            @Mixin Connection connection,
            @Mixin Output output,
            @Option(
                            names = "--account",
                            defaultValue = "",
                            description = "AWS account, twelve digits.")
                    String account) {
        output.print(summary(connection, account), SummaryText::of);
    }

    private static CoverageSummary summary(Connection connection, String account) {
        return connection.call(channel ->
                CoverageServiceGrpc.newBlockingStub(channel)
                        .getCoverageSummary(
                                GetCoverageSummaryRequest.newBuilder()
                                        .setAccountId(account)
                                        .build()));
    }

    private CoverageFilter filter() {
        CoverageFilter.Builder filter =
                CoverageFilter.newBuilder()
                        .setAccountId(account)
                        .setExpression(expression())
                        .setReason(Texts.parse(CoverageReason.class, REASON_PREFIX, reason));
        if (gaps) {
            filter.setStanding(CoverageStanding.COVERAGE_STANDING_GAP);
        }
        if (minAge != null) {
            filter.setMinAge(Durations.fromMillis(minAge.toMillis()));
        }
        return filter.build();
    }

    private String expression() {
        if (type.isEmpty()) {
            return expression;
        }
        String ofType = "resource_type = \"%s\"".formatted(type.replaceAll("[\"\\\\]", ""));
        return expression.isEmpty() ? ofType : ofType + " AND (" + expression + ")";
    }

    private static Stream<AssetCoverage> lines(AssetCoverage host) {
        List<CoverageFinding> findings =
                Stream.concat(host.getGapsList().stream(), host.getUnknownsList().stream())
                        .toList();
        return findings.isEmpty()
                ? Stream.of(host)
                : findings.stream()
                        .map(each ->
                                host.toBuilder().clearGaps().clearUnknowns().addGaps(each).build());
    }

    private static CoverageFinding finding(AssetCoverage line) {
        return line.getGapsCount() == 0 ? CoverageFinding.getDefaultInstance() : line.getGaps(0);
    }

    static String word(CoverageReason reason) {
        return Texts.constant(reason, REASON_PREFIX).replace('_', '-');
    }
}
