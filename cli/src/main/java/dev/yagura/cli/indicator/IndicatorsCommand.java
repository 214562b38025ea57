package dev.yagura.cli.indicator;

import com.google.protobuf.Timestamp;
import dev.yagura.cli.connection.Connection;
import dev.yagura.cli.connection.UsageException;
import dev.yagura.cli.output.Output;
import dev.yagura.cli.output.Output.Column;
import dev.yagura.cli.output.Pages;
import dev.yagura.cli.output.Texts;
import dev.yagura.proto.detection.v1.DeleteIndicatorListRequest;
import dev.yagura.proto.detection.v1.DeleteIndicatorListResponse;
import dev.yagura.proto.detection.v1.Indicator;
import dev.yagura.proto.detection.v1.IndicatorKind;
import dev.yagura.proto.detection.v1.IndicatorList;
import dev.yagura.proto.detection.v1.IndicatorServiceGrpc;
import dev.yagura.proto.detection.v1.KnownIndicator;
import dev.yagura.proto.detection.v1.ListIndicatorListsRequest;
import dev.yagura.proto.detection.v1.ListIndicatorListsResponse;
import dev.yagura.proto.detection.v1.ListIndicatorsRequest;
import dev.yagura.proto.detection.v1.ListIndicatorsResponse;
import dev.yagura.proto.detection.v1.LookupIndicatorRequest;
import dev.yagura.proto.detection.v1.ReinstateIndicatorRequest;
import dev.yagura.proto.detection.v1.RevokeIndicatorRequest;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.UUID;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** `yagura indicators`. */
@Command(
        name = "indicators",
        mixinStandardHelpOptions = true,
        subcommands = {ImportCommand.class, RetroCommand.class},
        description =
                "Lists of indicators: import, lists, list, lookup, revoke, reinstate, delete, retro.",
        footer = {
            "",
            "Examples:",
            "  yagura indicators import feed.csv --list abuse-feed",
            "  yagura indicators import bundle.json --list partner --format stix --severity high",
            "  yagura indicators lookup 203.0.113.66",
            "  yagura indicators retro abuse-feed"
        })
public final class IndicatorsCommand {
    private static final String LISTS = "indicatorLists/";

    private static final List<Column<IndicatorList>> LIST_COLUMNS =
            List.of(
                    new Column<>("NAME", IndicatorList::getName),
                    new Column<>("VERSION", list -> Long.toString(list.getVersion())),
                    new Column<>("INDICATORS", list -> Long.toString(list.getIndicatorCount())),
                    new Column<>("IMPORTED", list -> Texts.time(list.getImportTime())),
                    new Column<>(
                            "FORMAT", list -> Texts.constant(list.getFormat(), "IMPORT_FORMAT_")),
                    new Column<>("TITLE", IndicatorList::getTitle));

    private static final List<Column<Indicator>> COLUMNS =
            List.of(
                    new Column<>("KIND", one -> Texts.constant(one.getKind(), "INDICATOR_KIND_")),
                    new Column<>("VALUE", Indicator::getValue),
                    new Column<>("SEVERITY", one -> Texts.of(one.getSeverity())),
                    new Column<>("FROM", one -> Texts.time(one.getValidFrom())),
                    new Column<>("UNTIL", one -> Texts.time(one.getValidUntil())),
                    new Column<>("REVOKED", IndicatorsCommand::revoked),
                    new Column<>("NAME", Indicator::getName));

    private static final List<Column<KnownIndicator>> KNOWN_COLUMNS =
            List.of(
                    new Column<>("VALID", known -> known.getValid() ? "yes" : "no"),
                    new Column<>(
                            "KIND",
                            known ->
                                    Texts.constant(
                                            known.getIndicator().getKind(), "INDICATOR_KIND_")),
                    new Column<>("VALUE", known -> known.getIndicator().getValue()),
                    new Column<>("SEVERITY", known -> Texts.of(known.getIndicator().getSeverity())),
                    new Column<>("NAME", known -> known.getIndicator().getName()),
                    new Column<>("REASON", KnownIndicator::getReason));

    @Command(name = "lists", description = "Every list.", mixinStandardHelpOptions = true)
    void lists(
            @Mixin Connection connection,
            @Mixin Output output,
            @Option(names = "--limit", defaultValue = "1000", description = "At most so many.")
                    int limit) {
        List<IndicatorList> lists =
                connection.call(channel -> {
                    var stub = IndicatorServiceGrpc.newBlockingStub(channel);
                    return Pages.collect(
                            limit,
                            (size, token) ->
                                    stub.listIndicatorLists(
                                            ListIndicatorListsRequest.newBuilder()
                                                    .setPageSize(size)
                                                    .setPageToken(token)
                                                    .build()),
                            ListIndicatorListsResponse::getListsList,
                            ListIndicatorListsResponse::getNextPageToken);
                });
        output.print(lists, LIST_COLUMNS);
    }

    @Command(
            name = "list",
            description = "Indicators of a list, or of all.",
            mixinStandardHelpOptions = true,
            footer = {
                "",
                "Examples:",
                "  yagura indicators list abuse-feed --kind domain",
                "  yagura indicators list --value 'evil[.]example'"
            })
    void list(
            @Mixin Connection connection,
            @Mixin Output output,
            @Parameters(
                            paramLabel = "LIST",
                            arity = "0..1",
                            defaultValue = "",
                            description = "Id of a list; all without it.")
                    String list,
            @Option(
                            names = "--kind",
                            defaultValue = "unspecified",
                            description =
                                    "sha256, sha1, md5, address, network, domain, domain-tree, url,"
                                            + " file.")
                    String kind,
            @Option(names = "--value", defaultValue = "", description = "Exactly this one.")
                    String value,
            @Option(names = "--limit", defaultValue = "1000", description = "At most so many.")
                    int limit) {
        ListIndicatorsRequest request =
                ListIndicatorsRequest.newBuilder()
                        .setList(list.isEmpty() ? "" : listName(list))
                        .setKind(Texts.parse(IndicatorKind.class, "INDICATOR_KIND_", kind))
                        .setValue(value)
                        .build();
        List<Indicator> indicators =
                connection.call(channel -> {
                    var stub = IndicatorServiceGrpc.newBlockingStub(channel);
                    return Pages.collect(
                            limit,
                            (size, token) ->
                                    stub.listIndicators(
                                            request.toBuilder()
                                                    .setPageSize(size)
                                                    .setPageToken(token)
                                                    .build()),
                            ListIndicatorsResponse::getIndicatorsList,
                            ListIndicatorsResponse::getNextPageToken);
                });
        output.print(indicators, COLUMNS);
    }

    @Command(
            name = "lookup",
            description = "Which indicators a value meets, and whether they are valid.",
            mixinStandardHelpOptions = true,
            footer = {
                "",
                "Examples:",
                "  yagura indicators lookup www.evil.example",
                "  yagura indicators lookup 203.0.113.66 --time 2026-03-01T12:00:00Z"
            })
    void lookup(
            @Mixin Connection connection,
            @Mixin Output output,
            @Parameters(paramLabel = "VALUE", description = "As an event would have it.")
                    String value,
            @Option(
                            names = "--time",
                            paramLabel = "TIME",
                            defaultValue = "",
                            description = "RFC 3339; now without it.")
                    String time) {
        LookupIndicatorRequest.Builder request =
                LookupIndicatorRequest.newBuilder().setValue(value);
        if (!time.isEmpty()) {
            request.setTime(time(time));
        }
        List<KnownIndicator> known =
                connection.call(channel ->
                        IndicatorServiceGrpc.newBlockingStub(channel)
                                .lookupIndicator(request.build())
                                .getIndicatorsList());
        output.print(known, KNOWN_COLUMNS);
    }

    @Command(
            name = "revoke",
            description = "An indicator matches no more, whatever later imports say.",
            mixinStandardHelpOptions = true,
            footer = {
                "",
                "Example:",
                "  yagura indicators revoke indicatorLists/abuse-feed/indicators/… --reason 'our CDN'"
            })
    void revoke(
            @Mixin Connection connection,
            @Mixin Output output,
            @Parameters(paramLabel = "NAME", description = "indicatorLists/{list}/indicators/{id}")
                    String name,
            @Option(names = "--reason", required = true, description = "That others can follow.")
                    String reason) {
        Indicator revoked =
                connection.call(channel ->
                        IndicatorServiceGrpc.newBlockingStub(channel)
                                .revokeIndicator(
                                        RevokeIndicatorRequest.newBuilder()
                                                .setName(name)
                                                .setReason(reason)
                                                .setRequestId(requestId())
                                                .build()));
        output.print(List.of(revoked), COLUMNS);
    }

    @Command(
            name = "reinstate",
            description = "Takes a revocation back.",
            mixinStandardHelpOptions = true)
    void reinstate(
            @Mixin Connection connection,
            @Mixin Output output,
            @Parameters(paramLabel = "NAME", description = "indicatorLists/{list}/indicators/{id}")
                    String name) {
        Indicator reinstated =
                connection.call(channel ->
                        IndicatorServiceGrpc.newBlockingStub(channel)
                                .reinstateIndicator(
                                        ReinstateIndicatorRequest.newBuilder()
                                                .setName(name)
                                                .setRequestId(requestId())
                                                .build()));
        output.print(List.of(reinstated), COLUMNS);
    }

    @Command(
            name = "delete",
            description = "Removes a list with its indicators; alerts stay.",
            mixinStandardHelpOptions = true,
            footer = {"", "Example:", "  yagura indicators delete abuse-feed"})
    void delete(
            @Mixin Connection connection,
            @Mixin Output output,
            @Parameters(paramLabel = "LIST", description = "Id of the list.") String list) {
        DeleteIndicatorListResponse answer =
                connection.call(channel ->
                        IndicatorServiceGrpc.newBlockingStub(channel)
                                .deleteIndicatorList(
                                        DeleteIndicatorListRequest.newBuilder()
                                                .setName(listName(list))
                                                .setRequestId(requestId())
                                                .build()));
        if (output.isJson()) {
            output.json(answer);
        }
        output.line("deleted %s with %d indicators".formatted(listName(list), answer.getRemoved()));
        output.flush();
    }

    private static String revoked(Indicator one) {
        if (one.hasRevocation()) {
            return "here: " + one.getRevocation().getReason();
        }
        return one.getRevokedBySource() ? "by source" : "-";
    }

    static String listName(String list) {
        return list.startsWith(LISTS) ? list : LISTS + list;
    }

    private static String requestId() {
        return UUID.randomUUID().toString();
    }

    private static Timestamp time(String text) {
        try {
            Instant time = Instant.parse(text);
            return Timestamp.newBuilder()
                    .setSeconds(time.getEpochSecond())
                    .setNanos(time.getNano())
                    .build();
        } catch (DateTimeParseException e) {
            throw new UsageException(
                    "--time: expected for example 2026-03-01T12:00:00Z, got '" + text + "'");
        }
    }
}
