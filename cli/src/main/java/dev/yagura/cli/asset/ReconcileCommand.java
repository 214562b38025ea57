package dev.yagura.cli.asset;

import dev.yagura.cli.connection.Connection;
import dev.yagura.cli.connection.Pause;
import dev.yagura.cli.connection.UsageException;
import dev.yagura.cli.output.Output;
import dev.yagura.cli.output.Output.Column;
import dev.yagura.cli.output.Printable;
import dev.yagura.cli.output.Texts;
import dev.yagura.proto.inventory.v1.AssetServiceGrpc;
import dev.yagura.proto.inventory.v1.AssetServiceGrpc.AssetServiceBlockingStub;
import dev.yagura.proto.inventory.v1.GetReconciliationRequest;
import dev.yagura.proto.inventory.v1.ReconcileAssetsRequest;
import dev.yagura.proto.inventory.v1.ReconciledSet;
import dev.yagura.proto.inventory.v1.ReconciledSetState;
import dev.yagura.proto.inventory.v1.Reconciliation;
import dev.yagura.proto.inventory.v1.ReconciliationState;
import dev.yagura.proto.inventory.v1.ReconciliationTally;
import dev.yagura.proto.type.v1.Scope;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** `yagura assets reconcile`. */
@Command(
        name = "reconcile",
        mixinStandardHelpOptions = true,
        description = {
            "Reads everything of some accounts and types anew, however fresh it is, and waits until"
                    + " that has ended.",
            "Exit code 1 when a part of it failed; the others are complete."
        },
        footer = {
            "",
            "Examples:",
            "  yagura assets reconcile",
            "  yagura assets reconcile --scope aws:111122223333:eu-west-1 --type"
                    + " AWS::EC2::SecurityGroup"
        })
final class ReconcileCommand implements Callable<Integer> {
    private static final Duration LOOKS = Duration.ofMillis(500);
    private static final String STATES = "RECONCILED_SET_STATE_";

    private static final List<Column<ReconciledSet>> COLUMNS =
            List.of(
                    new Column<>("STATE", set -> Texts.constant(set.getState(), STATES)),
                    new Column<>("ACCOUNT", set -> set.getScope().getAccountId()),
                    new Column<>("REGION", set -> set.getScope().getRegion()),
                    new Column<>("TYPE", ReconciledSet::getResourceType),
                    column("READ", ReconciliationTally::getItemsRead),
                    column("CALLS", ReconciliationTally::getCalls),
                    column("NEW", ReconciliationTally::getAssetsNew),
                    column("CHANGED", ReconciliationTally::getAssetsChanged),
                    column("GONE", ReconciliationTally::getAssetsTombstoned),
                    new Column<>("REASON", ReconciledSet::getReason));

    @Mixin private Connection connection = new Connection();

    @Mixin private Output output = new Output();

    @Option(
            names = "--scope",
            paramLabel = "PARTITION:ACCOUNT:REGION",
            description =
                    "Such as aws:111122223333:eu-west-1; may be given more than once (default: all"
                            + " that are read).")
    private List<String> scopes = List.of();

    @Option(
            names = "--type",
            paramLabel = "TYPE",
            description =
                    "Resource type as AWS Config names it; may be given more than once (default:"
                            + " all that are read).")
    private List<String> types = List.of();

    @Option(
            names = "--request-id",
            description = "UUID; the same one never starts twice (default: a new one).")
    private @Nullable UUID requestId;

    @Option(names = "--detach", description = "Does not wait; prints the name to look for.")
    private boolean detach;

    @Override
    public Integer call() {
        ReconcileAssetsRequest request =
                ReconcileAssetsRequest.newBuilder()
                        .setRequestId(
                                (requestId == null ? UUID.randomUUID() : requestId).toString())
                        .addAllScopes(scopes.stream().map(ReconcileCommand::scope).toList())
                        .addAllResourceTypes(types)
                        .build();
        return connection.call(channel -> {
            var stub = AssetServiceGrpc.newBlockingStub(channel);
            Reconciliation started = stub.reconcileAssets(request);
            if (detach) {
                output.print(started, ReconcileCommand::summary);
                return 0;
            }
            return follow(stub, started);
        });
    }

    /** Prints each set that ends until all have; 0 when none failed. */
    private int follow(AssetServiceBlockingStub stub, Reconciliation started) {
        Reconciliation now = started;
        Set<String> shown = new HashSet<>();
        output.line(started.getName());
        while (true) {
            now.getSetsList().stream()
                    .filter(ReconciledSet::hasEndTime)
                    .map(ReconcileCommand::line)
                    .filter(shown::add)
                    .forEach(output::line);
            output.flush();
            if (now.getState() != ReconciliationState.RECONCILIATION_STATE_RUNNING) {
                end(now);
                return now.getState() == ReconciliationState.RECONCILIATION_STATE_SUCCEEDED ? 0 : 1;
            }
            Pause.between(
                    LOOKS,
                    "it goes on, see `yagura assets reconciliations " + started.getName() + "`");
            now = get(stub, started.getName());
        }
    }

    private void end(Reconciliation ended) {
        if (output.isJson()) {
            output.json(ended);
            output.flush();
        } else {
            output.line(counts(ended));
            output.flush();
        }
    }

    static Reconciliation get(AssetServiceBlockingStub stub, String name) {
        return stub.getReconciliation(GetReconciliationRequest.newBuilder().setName(name).build());
    }

    /** One reconciliation with all its sets. */
    static void show(Output output, Reconciliation reconciliation) {
        if (output.isJson()) {
            output.json(reconciliation);
        } else {
            summary(reconciliation).forEach(output::line);
            output.print(reconciliation.getSetsList(), COLUMNS);
        }
        output.flush();
    }

    static List<String> summary(Reconciliation from) {
        return List.of(from.getName(), counts(from));
    }

    /** "running: 3 waiting, 2 reading, …; 120 read in 9 calls, 1 new, …". */
    static String counts(Reconciliation from) {
        ReconciliationTally tally = from.getTally();
        String sets =
                String.join(
                        ", ",
                        Stream.of(
                                        count(from.getWaitingCount(), "waiting"),
                                        count(from.getReadingCount(), "reading"),
                                        count(from.getCompleteCount(), "complete"),
                                        count(from.getNotRecordedCount(), "not recorded"),
                                        count(from.getFailedCount(), "failed"))
                                .filter(text -> !text.isEmpty())
                                .toList());
        return "%s: %s; %d read in %d calls, %d new, %d changed, %d gone"
                .formatted(
                        Texts.constant(from.getState(), "RECONCILIATION_STATE_"),
                        sets,
                        tally.getItemsRead(),
                        tally.getCalls(),
                        tally.getAssetsNew(),
                        tally.getAssetsChanged(),
                        tally.getAssetsTombstoned());
    }

    private static String count(int count, String what) {
        return count == 0 ? "" : count + " " + what;
    }

    private static String line(ReconciledSet set) {
        String reason =
                set.getState() == ReconciledSetState.RECONCILED_SET_STATE_COMPLETE
                        ? ""
                        : ": " + set.getReason();
        return Printable.of(
                "%s  %s %s %s  %s, %d read, %d new, %d changed, %d gone%s"
                        .formatted(
                                Texts.time(set.getEndTime()),
                                set.getScope().getAccountId(),
                                set.getScope().getRegion(),
                                set.getResourceType(),
                                Texts.constant(set.getState(), STATES),
                                set.getTally().getItemsRead(),
                                set.getTally().getAssetsNew(),
                                set.getTally().getAssetsChanged(),
                                set.getTally().getAssetsTombstoned(),
                                reason));
    }

    private static Column<ReconciledSet> column(
            String title, Function<ReconciliationTally, Long> number) {
        return new Column<>(title, set -> Long.toString(number.apply(set.getTally())));
    }

    private static Scope scope(String text) {
        String[] parts = text.split(":", -1);
        if (parts.length != 3) {
            throw new UsageException(
                    "--scope: '"
                            + text
                            + "' is no partition:account:region such as"
                            + " aws:111122223333:eu-west-1");
        }
        return Scope.newBuilder()
                .setPartition(parts[0])
                .setAccountId(parts[1])
                .setRegion(parts[2])
                .build();
    }
}
