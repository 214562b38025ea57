package dev.yagura.cli.action;

import dev.yagura.cli.connection.Connection;
import dev.yagura.cli.connection.Pause;
import dev.yagura.cli.output.Output;
import dev.yagura.cli.output.Output.Column;
import dev.yagura.cli.output.Pages;
import dev.yagura.cli.output.Texts;
import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionFilter;
import dev.yagura.proto.response.v1.ActionServiceGrpc;
import dev.yagura.proto.response.v1.ActionState;
import dev.yagura.proto.response.v1.ApproveActionRequest;
import dev.yagura.proto.response.v1.CancelActionRequest;
import dev.yagura.proto.response.v1.CheckOutcome;
import dev.yagura.proto.response.v1.GetActionRequest;
import dev.yagura.proto.response.v1.ListActionsRequest;
import dev.yagura.proto.response.v1.ListActionsResponse;
import dev.yagura.proto.response.v1.RejectActionRequest;
import dev.yagura.proto.response.v1.UndoActionRequest;
import dev.yagura.proto.response.v1.WatchActionsRequest;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** `yagura actions`. */
@Command(
        name = "actions",
        mixinStandardHelpOptions = true,
        description =
                "Response actions: plan, apply, undo, show, list, approve, reject, cancel, watch.",
        footer = {
            "",
            "Examples:",
            "  yagura actions plan isolate_instance i-0123456789abcdef0",
            "  yagura actions apply isolate_instance i-0123456789abcdef0 --reason 'beacon to C2'",
            "  yagura actions plan isolate_host i-0123456789abcdef0",
            "  yagura actions plan contain_role_session i-0123456789abcdef0",
            "  yagura actions plan kill_process_tree i-0123456789abcdef0 --pid 4242 \\",
            "      --start-time 2026-03-01T02:14:07.120Z",
            "  yagura actions plan quarantine_file i-0123456789abcdef0 --file /tmp/.x/miner \\",
            "      --sha256 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            "  yagura actions plan stop_instance i-0123456789abcdef0",
            "  yagura actions plan replace_instance_profile i-0123456789abcdef0 --profile minimal",
            "  yagura actions plan restore_volume i-0123456789abcdef0 --device /dev/xvda \\",
            "      --snapshot snap-0123456789abcdef0",
            "  yagura actions apply snapshot_instance i-0123456789abcdef0 --reason evidence",
            "  yagura actions apply collect_triage i-0123456789abcdef0 --reason 'look closer'",
            "  yagura actions apply capture_memory i-0123456789abcdef0 --reason 'before it stops'",
            "  yagura actions plan install_agent i-0123456789abcdef0",
            "  yagura actions plan eradicate i-0123456789abcdef0 --remove-unit miner.service \\",
            "      --remove-line '/var/spool/cron/crontabs/www-data:* * * * * /tmp/.x/miner' \\",
            "      --access-key AKIAIOSFODNN7EXAMPLE",
            "  yagura actions plan run_command i-0123456789abcdef0 --document AWS-UpdateSSMAgent",
            "  yagura actions plan disable_access_key --access-key AKIAIOSFODNN7EXAMPLE \\",
            "      --account 111122223333",
            "  yagura actions plan revoke_role_sessions --role web-instance \\",
            "      --account 111122223333 --region ap-northeast-1",
            "  yagura actions plan deny_principal --principal arn:aws:iam::111122223333:user/rei",
            "  yagura actions plan block_indicator --network-acl acl-0123456789abcdef0 \\",
            "      --cidr 203.0.113.66 --account 111122223333 --region ap-northeast-1",
            "  yagura actions plan block_indicator --vpc vpc-0123456789abcdef0 \\",
            "      --domain c2.example.com --account 111122223333 --region ap-northeast-1",
            "  yagura actions plan import_findings --incident incidents/0198c0de-… \\",
            "      --account 111122223333 --region ap-northeast-1",
            "  yagura actions undo actions/0198c0de-… --reason 'clean after rebuild'"
        })
public final class ActionsCommand {
    private static final Duration LOOKS = Duration.ofMillis(100);

    private static final Set<ActionState> SETTLED =
            EnumSet.of(
                    ActionState.ACTION_STATE_SUCCEEDED,
                    ActionState.ACTION_STATE_FAILED,
                    ActionState.ACTION_STATE_CANCELLED,
                    ActionState.ACTION_STATE_EXPIRED,
                    ActionState.ACTION_STATE_UNDONE,
                    ActionState.ACTION_STATE_UNDO_FAILED);

    private static final Set<ActionState> SETTLED_WELL =
            EnumSet.of(ActionState.ACTION_STATE_SUCCEEDED, ActionState.ACTION_STATE_UNDONE);

    private static final List<Column<Action>> COLUMNS =
            List.of(
                    new Column<>("CREATED", action -> Texts.time(action.getCreateTime())),
                    new Column<>(
                            "KIND", action -> Texts.constant(action.getKind(), "ACTION_KIND_")),
                    new Column<>("TARGET", action -> ActionReport.target(action.getTarget())),
                    new Column<>(
                            "STATE", action -> Texts.constant(action.getState(), "ACTION_STATE_")),
                    new Column<>("BY", Action::getRequestedBy),
                    new Column<>("REASON", Action::getReason),
                    new Column<>("NAME", Action::getName));

    @Command(
            name = "plan",
            description = {
                "What the action would do; nothing is stored or changed.",
                "Exit code 1 when a check refuses it."
            },
            mixinStandardHelpOptions = true)
    int plan(
            @Mixin Connection connection,
            @Mixin Output output,
            @Mixin TargetOptions target,
            @Option(names = "--incident", defaultValue = "", description = "incidents/{id}")
                    String incident) {
        Action planned =
                connection.call(channel ->
                        ActionServiceGrpc.newBlockingStub(channel)
                                .createAction(
                                        target.request(channel)
                                                .setIncident(incident)
                                                .setValidateOnly(true)
                                                .build()));
        output.print(planned, action -> ActionReport.plan(action.getPlan()));
        boolean refused =
                planned.getPlan().getChecksList().stream()
                        .anyMatch(
                                check -> check.getOutcome() == CheckOutcome.CHECK_OUTCOME_REFUSED);
        return refused ? CommandLine.ExitCode.SOFTWARE : CommandLine.ExitCode.OK;
    }

    @Command(
            name = "apply",
            description = "Applies the action and waits until it has ended.",
            mixinStandardHelpOptions = true)
    int apply(
            @Mixin Connection connection,
            @Mixin Output output,
            @Mixin TargetOptions target,
            @Option(names = "--reason", required = true, description = "Why.") String reason,
            @Option(names = "--incident", defaultValue = "", description = "incidents/{id}")
                    String incident,
            @Option(
                            names = "--request-id",
                            description =
                                    "UUID; the same one never acts twice (default: a new one).")
                    UUID requestId) {
        return connection.call(channel -> {
            var stub = ActionServiceGrpc.newBlockingStub(channel);
            Action created =
                    stub.createAction(
                            target.request(channel)
                                    .setReason(reason)
                                    .setIncident(incident)
                                    .setRequestId(
                                            (requestId == null ? UUID.randomUUID() : requestId)
                                                    .toString())
                                    .build());
            return follow(stub, created, output);
        });
    }

    @Command(
            name = "undo",
            description = "Restores the state from before and waits until it has ended.",
            mixinStandardHelpOptions = true)
    int undo(
            @Mixin Connection connection,
            @Mixin Output output,
            @Parameters(paramLabel = "NAME", description = "actions/{id}") String name,
            @Option(names = "--reason", required = true, description = "Why.") String reason) {
        return connection.call(channel -> {
            var stub = ActionServiceGrpc.newBlockingStub(channel);
            return follow(
                    stub,
                    stub.undoAction(
                            UndoActionRequest.newBuilder().setName(name).setReason(reason).build()),
                    output);
        });
    }

    @Command(
            name = "approve",
            description = {
                "Starts an action that waits for approval and waits until it has ended.",
                "One that needs two persons starts with the second."
            },
            mixinStandardHelpOptions = true)
    int approve(
            @Mixin Connection connection,
            @Mixin Output output,
            @Parameters(paramLabel = "NAME", description = "actions/{id}") String name,
            @Mixin GuardOptions guards) {
        return connection.call(channel -> {
            var stub = ActionServiceGrpc.newBlockingStub(channel);
            return follow(
                    stub,
                    stub.approveAction(
                            ApproveActionRequest.newBuilder()
                                    .setName(name)
                                    .addAllOverrideGuards(guards.overridden())
                                    .build()),
                    output);
        });
    }

    @Command(
            name = "reject",
            description = "Ends an action that waits for approval without doing anything.",
            mixinStandardHelpOptions = true)
    void reject(
            @Mixin Connection connection,
            @Mixin Output output,
            @Parameters(paramLabel = "NAME", description = "actions/{id}") String name,
            @Option(names = "--reason", required = true, description = "Why.") String reason) {
        change(
                connection,
                output,
                stub ->
                        stub.rejectAction(
                                RejectActionRequest.newBuilder()
                                        .setName(name)
                                        .setReason(reason)
                                        .build()));
    }

    @Command(
            name = "cancel",
            description = "Ends an action that has not begun to change anything.",
            mixinStandardHelpOptions = true)
    void cancel(
            @Mixin Connection connection,
            @Mixin Output output,
            @Parameters(paramLabel = "NAME", description = "actions/{id}") String name,
            @Option(names = "--reason", required = true, description = "Why.") String reason) {
        change(
                connection,
                output,
                stub ->
                        stub.cancelAction(
                                CancelActionRequest.newBuilder()
                                        .setName(name)
                                        .setReason(reason)
                                        .build()));
    }

    @Command(
            name = "show",
            description = "One action: plan, calls, verification, transitions.",
            mixinStandardHelpOptions = true)
    void show(
            @Mixin Connection connection,
            @Mixin Output output,
            @Parameters(paramLabel = "NAME", description = "actions/{id}") String name) {
        output.print(
                connection.call(channel -> get(ActionServiceGrpc.newBlockingStub(channel), name)),
                ActionReport::lines);
    }

    @Command(name = "list", description = "Actions, newest first.", mixinStandardHelpOptions = true)
    void list(
            @Mixin Connection connection,
            @Mixin Output output,
            @Option(names = "--instance", defaultValue = "", description = "EC2 instance id.")
                    String instance,
            @Option(
                            names = "--state",
                            defaultValue = "unspecified",
                            description = "proposed, running, succeeded, failed, undone, …")
                    String state,
            @Option(names = "--limit", defaultValue = "50", description = "At most so many.")
                    int limit) {
        ActionFilter filter =
                ActionFilter.newBuilder()
                        .setInstanceId(instance)
                        .setState(Texts.parse(ActionState.class, "ACTION_STATE_", state))
                        .build();
        List<Action> actions =
                connection.call(channel -> {
                    var stub = ActionServiceGrpc.newBlockingStub(channel);
                    return Pages.collect(
                            limit,
                            (size, token) ->
                                    stub.listActions(
                                            ListActionsRequest.newBuilder()
                                                    .setPageSize(size)
                                                    .setPageToken(token)
                                                    .setFilter(filter)
                                                    .build()),
                            ListActionsResponse::getActionsList,
                            ListActionsResponse::getNextPageToken);
                });
        output.print(actions, COLUMNS);
    }

    @Command(
            name = "watch",
            description = "Actions as they change.",
            mixinStandardHelpOptions = true)
    void watch(
            @Mixin Connection connection,
            @Mixin Output output,
            @Option(
                            names = "--cursor",
                            description = "Resume after this cursor.",
                            defaultValue = "")
                    String cursor) {
        connection.call(channel -> {
            ActionServiceGrpc.newBlockingStub(channel)
                    .watchActions(WatchActionsRequest.newBuilder().setCursor(cursor).build())
                    .forEachRemaining(change -> {
                        if (change.hasAction()) {
                            output.print(List.of(change.getAction()), COLUMNS);
                            output.flush();
                        }
                    });
            return channel;
        });
    }

    /** Changes one action and prints it as it is then. */
    private static void change(
            Connection connection,
            Output output,
            Function<ActionServiceGrpc.ActionServiceBlockingStub, Action> call) {
        Action changed =
                connection.call(channel -> call.apply(ActionServiceGrpc.newBlockingStub(channel)));
        output.print(List.of(changed), COLUMNS);
    }

    /** Prints each change of state until the action has ended; 0 when it ended well. */
    private static int follow(
            ActionServiceGrpc.ActionServiceBlockingStub stub, Action started, Output output) {
        Action current = started;
        int shown = 0;
        while (true) {
            for (var transition :
                    current.getTransitionsList().subList(shown, current.getTransitionsCount())) {
                output.line(
                        Texts.time(transition.getTime())
                                + "  "
                                + Texts.constant(transition.getTo(), "ACTION_STATE_")
                                + ": "
                                + transition.getReason());
                output.flush();
            }
            shown = current.getTransitionsCount();
            if (current.getState() == ActionState.ACTION_STATE_AWAITING_APPROVAL) {
                output.line(
                        "another person approves it: yagura actions approve " + current.getName());
                output.flush();
                return CommandLine.ExitCode.OK;
            }
            if (SETTLED.contains(current.getState())) {
                output.print(current, ActionReport::lines);
                return SETTLED_WELL.contains(current.getState()) ? 0 : 1;
            }
            Pause.between(LOOKS, "the action goes on, see `yagura actions list`");
            current = get(stub, current.getName());
        }
    }

    private static Action get(ActionServiceGrpc.ActionServiceBlockingStub stub, String name) {
        return stub.getAction(GetActionRequest.newBuilder().setName(name).build());
    }
}
