package dev.yagura.cli.plan;

import com.google.protobuf.Timestamp;
import dev.yagura.cli.connection.Connection;
import dev.yagura.cli.connection.TextFiles;
import dev.yagura.cli.connection.UsageException;
import dev.yagura.cli.output.Output;
import dev.yagura.cli.output.Output.Column;
import dev.yagura.cli.output.Pages;
import dev.yagura.cli.output.Printable;
import dev.yagura.cli.output.Texts;
import dev.yagura.proto.response.v1.Drill;
import dev.yagura.proto.response.v1.GetResponsePlanRequest;
import dev.yagura.proto.response.v1.ListDrillsRequest;
import dev.yagura.proto.response.v1.ListDrillsResponse;
import dev.yagura.proto.response.v1.PlanContact;
import dev.yagura.proto.response.v1.RecordDrillRequest;
import dev.yagura.proto.response.v1.ResponsePlan;
import dev.yagura.proto.response.v1.ResponsePlanServiceGrpc;
import dev.yagura.proto.response.v1.ResponsePlanServiceGrpc.ResponsePlanServiceBlockingStub;
import dev.yagura.proto.response.v1.UpdateResponsePlanRequest;
import io.grpc.Channel;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** `yagura response-plan`. */
@Command(
        name = "response-plan",
        mixinStandardHelpOptions = true,
        description = {
            "The incident-response plan: show, check, set; and its drills: drill, drills.",
        },
        footer = {
            "",
            "Examples:",
            "  yagura response-plan set deploy/response-plan.yaml",
            "  yagura response-plan show",
            "  yagura response-plan drill --scenario 'stolen credentials, by night' --findings 'pager of"
                    + " legal was wrong'"
        })
public final class ResponsePlanCommand {
    private static final List<Column<Drill>> COLUMNS =
            List.of(
                    new Column<>("TIME", drill -> Texts.time(drill.getTime())),
                    new Column<>("PLAN", drill -> Integer.toString(drill.getPlanVersion())),
                    new Column<>("BY", Drill::getRecordedBy),
                    new Column<>("SCENARIO", Drill::getScenario),
                    new Column<>("FINDINGS", Drill::getFindings),
                    new Column<>("NAME", Drill::getName));

    @Command(
            name = "show",
            description = {
                "The plan, whom to call, and when its next drill is due.",
                "Exit code 1 when a drill is overdue."
            },
            mixinStandardHelpOptions = true)
    int show(@Mixin Connection connection, @Mixin Output output) {
        ResponsePlan plan =
                connection.call(channel ->
                        stub(channel).getResponsePlan(GetResponsePlanRequest.getDefaultInstance()));
        output.print(plan, ResponsePlanCommand::lines);
        return plan.getDrillOverdue() ? 1 : 0;
    }

    @Command(
            name = "check",
            description = "What is wrong with a plan, with line and column; stores nothing.",
            mixinStandardHelpOptions = true)
    void check(
            @Mixin Connection connection,
            @Mixin Output output,
            @Parameters(paramLabel = "FILE", description = "YAML; - is standard input.")
                    String file) {
        update(connection, file, "", true);
        output.line(file + " is valid");
        output.flush();
    }

    @Command(
            name = "set",
            description = "Makes the first or the next version of the plan.",
            mixinStandardHelpOptions = true)
    void set(
            @Mixin Connection connection,
            @Mixin Output output,
            @Parameters(paramLabel = "FILE", description = "YAML; - is standard input.")
                    String file,
            @Option(
                            names = "--etag",
                            defaultValue = "",
                            description = "Only if it is still the version with this etag.")
                    String etag) {
        ResponsePlan plan = update(connection, file, etag, false);
        output.print(plan, each -> List.of("version " + each.getVersion() + " is in force"));
    }

    @Command(
            name = "drill",
            description = "Keeps that the plan was practised.",
            mixinStandardHelpOptions = true)
    void drill(
            @Mixin Connection connection,
            @Mixin Output output,
            @Option(names = "--scenario", required = true, description = "What was practised.")
                    String scenario,
            @Option(names = "--findings", defaultValue = "", description = "What is to be mended.")
                    String findings,
            @Option(
                            names = "--time",
                            description = "When, for example 2026-11-20T09:00:00Z (default: now).")
                    @Nullable String time,
            @Option(
                            names = "--run",
                            defaultValue = "",
                            description = "playbookRuns/{id} that was run for it.")
                    String run,
            @Option(
                            names = "--request-id",
                            description = "UUID; the same one is kept once (default: a new one).")
                    @Nullable UUID requestId) {
        RecordDrillRequest.Builder request =
                RecordDrillRequest.newBuilder()
                        .setScenario(scenario)
                        .setFindings(findings)
                        .setPlaybookRun(run)
                        .setRequestId(
                                (requestId == null ? UUID.randomUUID() : requestId).toString());
        if (time != null) {
            request.setTime(time(time));
        }
        Drill drill = connection.call(channel -> stub(channel).recordDrill(request.build()));
        output.print(List.of(drill), COLUMNS);
    }

    @Command(
            name = "drills",
            description = "Drills, those recorded last first.",
            mixinStandardHelpOptions = true)
    void drills(
            @Mixin Connection connection,
            @Mixin Output output,
            @Option(names = "--limit", defaultValue = "50", description = "At most so many.")
                    int limit) {
        output.print(
                connection.call(channel ->
                        Pages.collect(
                                limit,
                                (size, token) ->
                                        stub(channel)
                                                .listDrills(
                                                        ListDrillsRequest.newBuilder()
                                                                .setPageSize(size)
                                                                .setPageToken(token)
                                                                .build()),
                                ListDrillsResponse::getDrillsList,
                                ListDrillsResponse::getNextPageToken)),
                COLUMNS);
    }

    private static ResponsePlan update(
            Connection connection, String file, String etag, boolean validateOnly) {
        UpdateResponsePlanRequest request =
                UpdateResponsePlanRequest.newBuilder()
                        .setSource(TextFiles.read(file))
                        .setEtag(etag)
                        .setValidateOnly(validateOnly)
                        .build();
        return connection.call(channel -> stub(channel).updateResponsePlan(request));
    }

    private static List<String> lines(ResponsePlan plan) {
        List<String> lines = new ArrayList<>();
        lines.add(
                "%s  version %d of %s by %s"
                        .formatted(
                                plan.getSpec().getTitle(),
                                plan.getVersion(),
                                Texts.time(plan.getCreateTime()),
                                plan.getAuthor()));
        lines.add(
                (plan.getDrillOverdue() ? "DRILL OVERDUE since " : "next drill by ")
                        + Texts.time(plan.getNextDrillTime())
                        + (plan.hasLastDrill()
                                ? "; last one " + Texts.time(plan.getLastDrill().getTime())
                                : "; none was recorded yet"));
        lines.add("call, in this order:");
        plan.getSpec().getContactsList().forEach(each -> lines.add("  " + contact(plan, each)));
        lines.add("playbooks:");
        plan.getSpec()
                .getPlaybooksList()
                .forEach(id ->
                        lines.add(
                                "  "
                                        + id
                                        + (plan.getMissingPlaybooksList()
                                                        .contains("playbooks/" + id)
                                                ? "  IS NOT THERE ANY MORE"
                                                : "")));
        lines.add("");
        plan.getSpec().getText().lines().forEach(lines::add);
        return lines.stream().map(Printable::of).toList();
    }

    private static String contact(ResponsePlan plan, PlanContact contact) {
        String who =
                contact.getName()
                        + (contact.getRole().isEmpty() ? "" : ", " + contact.getRole())
                        + (contact.getId().equals(plan.getSpec().getOwner())
                                ? " (owns the plan)"
                                : "");
        return Stream.of(who, contact.getPhone(), contact.getEmail(), contact.getOnCall())
                .filter(each -> !each.isEmpty())
                .reduce((left, right) -> left + "  " + right)
                .orElseThrow();
    }

    private static Timestamp time(String text) {
        try {
            Instant instant = Instant.parse(text);
            return Timestamp.newBuilder()
                    .setSeconds(instant.getEpochSecond())
                    .setNanos(instant.getNano())
                    .build();
        } catch (DateTimeParseException e) {
            throw new UsageException("--time: write it as 2026-11-20T09:00:00Z");
        }
    }

    private static ResponsePlanServiceBlockingStub stub(Channel channel) {
        return ResponsePlanServiceGrpc.newBlockingStub(channel);
    }
}
