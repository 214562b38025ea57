package dev.yagura.bench.measure;

import com.google.protobuf.Timestamp;
import dev.yagura.bench.client.GrpcAdmin;
import dev.yagura.bench.client.GrpcInventory;
import dev.yagura.bench.platform.Platform;
import dev.yagura.bench.platform.Service;
import dev.yagura.bench.platform.Waiting;
import dev.yagura.proto.inventory.v1.AssetFilter;
import dev.yagura.proto.inventory.v1.ReconciledSet;
import dev.yagura.proto.inventory.v1.Reconciliation;
import dev.yagura.proto.inventory.v1.ReconciliationState;
import dev.yagura.proto.inventory.v1.ReconciliationTally;
import dev.yagura.proto.inventory.v1.WatchAssetsResponse;
import dev.yagura.sandbox.control.QueueClient;
import dev.yagura.sandbox.control.SandboxClient;
import dev.yagura.sandbox.front.JournalEntry;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Reads everything that AWS Config of the stand-in has: when it is new, when nothing has changed,
 * when one in a hundred is gone. Then single changes, by their messages.
 */
public final class ReconcileMeasure {
    private static final Duration LIMIT = Duration.ofMinutes(15);
    private static final Duration LOOK = Duration.ofMillis(200);
    private static final int PAGE = 100;

    /** Which recorders there are, and how they do. */
    private static final int COVERAGE_CALLS = 2;

    private static final int WARMING = 20;

    private final Platform platform;
    private final Options options;

    /**
     * How much.
     *
     * @param resources in AWS Config
     * @param changes one after the other
     */
    public record Options(int resources, int changes) {}

    /**
     * @param platform with the variables of {@link PlantedWorld#environment}
     */
    public ReconcileMeasure(Platform platform, Options options) {
        this.platform = platform;
        this.options = options;
    }

    public ReconcileFigures run() throws IOException, InterruptedException {
        try (GrpcAdmin admin =
                        new GrpcAdmin(
                                platform.gatewayPort(),
                                platform.authority(),
                                platform.adminToken());
                SandboxClient sandbox = new SandboxClient(platform.sandbox())) {
            GrpcInventory inventory = admin.inventory();
            QueueClient queue = sandbox.queue(PlantedWorld.QUEUE);
            // Every set was read once then, and none is due again by itself.
            reconciled(inventory);
            PlantedWorld.plant(sandbox, options.resources());
            List<ReconcileFigures.Round> rounds = new ArrayList<>();
            rounds.add(round("all of them new", inventory, sandbox));
            rounds.add(round("again, nothing has changed", inventory, sandbox));
            passFirstHour();
            int gone = PlantedWorld.deleteOneInHundred(sandbox, options.resources());
            rounds.add(round("again, one in a hundred is gone", inventory, sandbox));
            require(rounds.get(0).news(), options.resources(), "new");
            require(rounds.get(1).news(), 0, "changed");
            require(rounds.get(2).news(), gone, "gone");
            Quantiles changes = changes(inventory, sandbox, queue);
            return new ReconcileFigures(rounds, changes, platform.residentBytes(Service.INVENTORY));
        }
    }

    /** Figures of an inventory that is not as the world is would be of no use. */
    private static void require(long found, long real, String what) {
        if (found != real) {
            throw new IllegalStateException(
                    "%,d assets are %s, the inventory says %,d".formatted(real, what, found));
        }
    }

    /**
     * As if AWS Config had recorded for longer: in the first hour the inventory takes nothing for
     * gone, for a recorder that was just started has not recorded everything.
     */
    private void passFirstHour() throws IOException {
        try (Connection connection = platform.database(Service.INVENTORY).connect();
                Statement update = connection.createStatement()) {
            update.executeUpdate(
                    "UPDATE scope_reading SET recorded_since = recorded_since - interval '2 hours'");
        } catch (SQLException e) {
            throw new IOException("cannot let the recorder's first hour pass", e);
        }
    }

    private ReconcileFigures.Round round(
            String what, GrpcInventory inventory, SandboxClient sandbox)
            throws IOException, InterruptedException {
        long seen = last(sandbox.journal(0));
        Reconciliation ended = reconciled(inventory);
        long arrived = sandbox.journal(seen).stream().filter(ReconcileMeasure::isReading).count();
        ReconciliationTally tally = ended.getTally();
        return new ReconcileFigures.Round(
                what,
                ended.getSetsCount(),
                tally.getItemsRead(),
                tally.getAssetsNew() + tally.getAssetsChanged() + tally.getAssetsTombstoned(),
                tally.getCalls(),
                arrived,
                ended.getSetsList().stream().mapToLong(ReconcileMeasure::least).sum(),
                Duration.between(instant(ended.getStartTime()), instant(ended.getEndTime())),
                reading(ended),
                platform.residentBytes(Service.INVENTORY));
    }

    private static Reconciliation reconciled(GrpcInventory inventory) throws InterruptedException {
        AtomicReference<String> name = new AtomicReference<>("");
        Waiting.until(
                () -> "the inventory does not read every account of the stand-in",
                LIMIT,
                () -> {
                    inventory
                            .reconcile(PlantedWorld.scopes(), PlantedWorld.types())
                            .ifPresent(begun -> name.set(begun.getName()));
                    return !name.get().isEmpty();
                });
        long limit = System.nanoTime() + LIMIT.toNanos();
        Reconciliation now = inventory.reconciliation(name.get());
        while (now.getState() == ReconciliationState.RECONCILIATION_STATE_RUNNING) {
            if (System.nanoTime() > limit) {
                throw new IllegalStateException(now.getName() + " has not ended within " + LIMIT);
            }
            Waiting.pass(LOOK);
            now = inventory.reconciliation(name.get());
        }
        // What failed comes first.
        if (now.getState() != ReconciliationState.RECONCILIATION_STATE_SUCCEEDED
                || now.getNotRecordedCount() > 0) {
            throw new IllegalStateException("not everything was read: " + now.getSets(0));
        }
        return now;
    }

    /** Its pages, a look at the recorder, and a second look at what is gone. */
    private static long least(ReconciledSet set) {
        return Math.max(1, pages(set.getTally().getItemsRead()))
                + COVERAGE_CALLS
                + pages(set.getTally().getAssetsTombstoned());
    }

    private static long pages(long items) {
        return (items + PAGE - 1) / PAGE;
    }

    private static boolean isReading(JournalEntry call) {
        return call.operation().startsWith("config:") && call.caller().contains("YaguraInventory");
    }

    private static Duration reading(Reconciliation ended) {
        Instant from =
                ended.getSetsList().stream()
                        .map(set -> instant(set.getStartTime()))
                        .min(Comparator.naturalOrder())
                        .orElseThrow();
        Instant to =
                ended.getSetsList().stream()
                        .map(set -> instant(set.getEndTime()))
                        .max(Comparator.naturalOrder())
                        .orElseThrow();
        return Duration.between(from, to);
    }

    private static Instant instant(Timestamp time) {
        return Instant.ofEpochSecond(time.getSeconds(), time.getNanos());
    }

    private static long last(List<JournalEntry> journal) {
        return journal.isEmpty() ? 0 : journal.getLast().sequence();
    }

    /** Messages that AWS Config wrote, one after the other into the queue that is followed. */
    private Quantiles changes(GrpcInventory inventory, SandboxClient sandbox, QueueClient queue) {
        AssetFilter volumes = AssetFilter.newBuilder().setResourceType(PlantedWorld.VOLUME).build();
        String cursor = inventory.list(volumes, 1, "").getCursor();
        Iterator<WatchAssetsResponse> watch = inventory.watch(cursor, volumes, LIMIT);
        Latencies latencies = new Latencies();
        int count = 0;
        for (String message : messages(sandbox, WARMING + options.changes())) {
            long sent = System.nanoTime();
            queue.send(message);
            while (!watch.next().hasAsset()) {
                // Only the cursor moved.
            }
            if (++count > WARMING) {
                latencies.record(Duration.ofNanos(System.nanoTime() - sent));
            }
        }
        return latencies.quantiles();
    }

    private static List<String> messages(SandboxClient sandbox, int count) {
        String name = "bench-told";
        QueueClient told = sandbox.queue(name);
        sandbox.recorder().tell(name, "event-bridge");
        sandbox.recorder().plant(PlantedWorld.VOLUME, count);
        List<String> messages = told.take();
        if (messages.size() != count) {
            throw new IllegalStateException(
                    "%d messages about %d changes".formatted(messages.size(), count));
        }
        return messages;
    }
}
