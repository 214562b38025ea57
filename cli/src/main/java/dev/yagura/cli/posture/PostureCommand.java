package dev.yagura.cli.posture;

import dev.yagura.cli.connection.Connection;
import dev.yagura.cli.output.Moments;
import dev.yagura.cli.output.Output;
import dev.yagura.cli.output.Output.Column;
import dev.yagura.cli.output.Pages;
import dev.yagura.cli.output.Printable;
import dev.yagura.cli.output.Texts;
import dev.yagura.proto.inventory.v1.GetAccountPostureRequest;
import dev.yagura.proto.inventory.v1.GetPostureRequest;
import dev.yagura.proto.inventory.v1.ListMisconfigurationsRequest;
import dev.yagura.proto.inventory.v1.ListMisconfigurationsResponse;
import dev.yagura.proto.inventory.v1.Misconfiguration;
import dev.yagura.proto.inventory.v1.MisconfigurationFilter;
import dev.yagura.proto.inventory.v1.Posture;
import dev.yagura.proto.inventory.v1.PostureItem;
import dev.yagura.proto.inventory.v1.PostureServiceGrpc;
import dev.yagura.proto.inventory.v1.PostureVerdict;
import dev.yagura.proto.inventory.v1.UnreadAssets;
import dev.yagura.proto.type.v1.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** `yagura posture`. */
@Command(
        name = "posture",
        mixinStandardHelpOptions = true,
        description =
                "Posture: show (may a host be trusted?), account (may an account?),"
                        + " misconfigurations.",
        footer = {
            "",
            "Examples:",
            "  yagura posture show i-0123456789abcdef0",
            "  yagura posture show i-0123456789abcdef0 --at 2026-11-26T03:00:00Z",
            "  yagura posture account 111122223333",
            "  yagura posture misconfigurations --check no-open-management-port"
        })
public final class PostureCommand {
    private static final int NOT_ALLOWED = 1;

    private static final List<Column<Misconfiguration>> COLUMNS =
            List.of(
                    new Column<>(
                            "SEVERITY",
                            each ->
                                    Texts.constant(
                                            each.getSeverity(), "MISCONFIGURATION_SEVERITY_")),
                    new Column<>("CHECK", Misconfiguration::getCheck),
                    new Column<>("ID", Misconfiguration::getNativeId),
                    new Column<>("ACCOUNT", each -> each.getScope().getAccountId()),
                    new Column<>("REGION", each -> each.getScope().getRegion()),
                    new Column<>("DETAIL", Misconfiguration::getDetail),
                    new Column<>("REMEDY", Misconfiguration::getRemedy));

    @Command(
            name = "show",
            description = {
                "The posture of one host: the verdict of the policy, and every check.",
                "Exit status 0 with the verdict allow, 1 with any other."
            },
            mixinStandardHelpOptions = true)
    int show(
            @Mixin Connection connection,
            @Mixin Output output,
            @Option(
                            names = "--at",
                            defaultValue = "",
                            paramLabel = "TIME",
                            description = "As it was judged then; empty means now.")
                    String at,
            @Parameters(paramLabel = "HOST", description = "Instance id, or assets/{id}.")
                    String host) {
        GetPostureRequest.Builder request =
                host.startsWith("assets/")
                        ? GetPostureRequest.newBuilder().setAsset(host)
                        : GetPostureRequest.newBuilder().setInstanceId(host);
        if (!at.isEmpty()) {
            request.setReadTime(Moments.parse("--at", at));
        }
        return print(
                output,
                connection.call(channel ->
                        PostureServiceGrpc.newBlockingStub(channel).getPosture(request.build())));
    }

    @Command(
            name = "account",
            description = {
                "The posture of an account: the verdict of the policy, and every check.",
                "Exit status 0 with the verdict allow, 1 with any other."
            },
            mixinStandardHelpOptions = true)
    int account(
            @Mixin Connection connection,
            @Mixin Output output,
            @Option(
                            names = "--at",
                            defaultValue = "",
                            paramLabel = "TIME",
                            description = "As it was judged then; empty means now.")
                    String at,
            @Parameters(paramLabel = "ACCOUNT", description = "AWS account, twelve digits.")
                    String account) {
        GetAccountPostureRequest.Builder request =
                GetAccountPostureRequest.newBuilder().setAccountId(account);
        if (!at.isEmpty()) {
            request.setReadTime(Moments.parse("--at", at));
        }
        return print(
                output,
                connection.call(channel ->
                        PostureServiceGrpc.newBlockingStub(channel)
                                .getAccountPosture(request.build())));
    }

    private static int print(Output output, Posture posture) {
        output.print(posture, PostureCommand::lines);
        return posture.getVerdict() == PostureVerdict.POSTURE_VERDICT_ALLOW ? 0 : NOT_ALLOWED;
    }

    @Command(
            name = "misconfigurations",
            description = "What is set up badly, with what mends it.",
            mixinStandardHelpOptions = true)
    void misconfigurations(
            @Mixin Connection connection,
            @Mixin Output output,
            @Option(
                            names = "--account",
                            defaultValue = "",
                            description = "AWS account, twelve digits.")
                    String account,
            @Option(
                            names = "--check",
                            defaultValue = "",
                            description =
                                    "imdsv2-required, no-open-management-port, volume-encrypted,"
                                            + " bucket-not-public, root-mfa, root-no-access-key,"
                                            + " password-policy, account-blocks-public-buckets,"
                                            + " user-mfa, user-keys-rotated; empty means all.")
                    String check,
            @Option(names = "--limit", defaultValue = "50", description = "At most so many.")
                    int limit) {
        MisconfigurationFilter filter =
                MisconfigurationFilter.newBuilder().setAccountId(account).setCheck(check).build();
        AtomicReference<List<UnreadAssets>> unread = new AtomicReference<>(List.of());
        List<Misconfiguration> unknown = new ArrayList<>();
        List<Misconfiguration> found =
                connection.call(channel -> {
                    var stub = PostureServiceGrpc.newBlockingStub(channel);
                    return Pages.collect(
                            limit,
                            (size, token) -> {
                                ListMisconfigurationsResponse page =
                                        stub.listMisconfigurations(
                                                ListMisconfigurationsRequest.newBuilder()
                                                        .setPageSize(size)
                                                        .setPageToken(token)
                                                        .setFilter(filter)
                                                        .build());
                                unread.set(page.getUnreadList());
                                unknown.addAll(page.getUnknownList());
                                return page;
                            },
                            ListMisconfigurationsResponse::getMisconfigurationsList,
                            ListMisconfigurationsResponse::getNextPageToken);
                });
        output.print(found, COLUMNS);
        unknown.forEach(each -> output.line("not known: " + text(each)));
        unread.get().forEach(each -> output.line("not known: " + text(each)));
        output.flush();
    }

    private static List<String> lines(Posture posture) {
        List<String> lines = new ArrayList<>();
        lines.add(
                "%s %s: %s%s"
                        .formatted(
                                posture.getResourceType(),
                                Printable.of(posture.getNativeId()),
                                Texts.constant(posture.getVerdict(), "POSTURE_VERDICT_"),
                                // Without a policy nothing was judged.
                                posture.getPolicy().isEmpty()
                                        ? ""
                                        : ", by the policy \"%s\""
                                                .formatted(Printable.of(posture.getPolicy()))));
        if (posture.hasStartTime()) {
            lines.add("  since " + Texts.time(posture.getStartTime()));
        }
        posture.getReasonsList().forEach(reason -> lines.add("  because " + Printable.of(reason)));
        posture.getItemsList().forEach(item -> lines.addAll(lines(item)));
        return lines;
    }

    private static List<String> lines(PostureItem item) {
        List<String> lines = new ArrayList<>();
        lines.add(
                "%-8s %-29s %s (observed %s)"
                        .formatted(
                                Texts.constant(item.getOutcome(), "POSTURE_OUTCOME_"),
                                item.getCheck(),
                                Printable.of(item.getDetail()),
                                item.hasObserveTime()
                                        ? Texts.time(item.getObserveTime())
                                        : "never"));
        if (!item.getRemedy().isEmpty()) {
            lines.add(" ".repeat(39) + "-> " + Printable.of(item.getRemedy()));
        }
        return lines;
    }

    private static String text(Misconfiguration unknown) {
        return "%s: %s %s: %s"
                .formatted(
                        place(unknown.getScope()),
                        unknown.getCheck(),
                        Printable.of(unknown.getNativeId()),
                        Printable.of(unknown.getDetail()));
    }

    private static String text(UnreadAssets unread) {
        return "%s: %s".formatted(place(unread.getScope()), Printable.of(unread.getReason()));
    }

    private static String place(Scope scope) {
        return scope.getRegion().isEmpty()
                ? scope.getAccountId()
                : scope.getAccountId() + ":" + scope.getRegion();
    }
}
