package dev.yagura.bench.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.bench.client.EnrolledAgent;
import dev.yagura.bench.client.GrpcAdmin;
import dev.yagura.bench.client.GrpcAlertFollower;
import dev.yagura.bench.client.GrpcSpool;
import dev.yagura.bench.client.SpoolListener;
import dev.yagura.bench.load.Batches;
import dev.yagura.bench.load.MarkerRule;
import dev.yagura.bench.platform.Platform;
import dev.yagura.bench.platform.PlatformOptions;
import dev.yagura.bench.platform.Repository;
import dev.yagura.bench.platform.Service;
import dev.yagura.bench.platform.Store;
import dev.yagura.bench.platform.Waiting;
import dev.yagura.proto.detection.v1.Alert;
import dev.yagura.proto.ingest.v1.LedgerHour;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** A fresh platform, agents that send one workload, and what must hold when they are done. */
final class Campaign implements AutoCloseable {
    /** Of one agent: four batches a second. */
    private static final long BATCH_MILLIS = 250;

    /** A crash of everything and its return, on two busy cores. */
    private static final Duration RECOVERY = Duration.ofMinutes(2);

    private static final Duration ACCOUNTING = Duration.ofMinutes(4);

    private final Platform platform;
    private final GrpcAdmin admin;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final List<GrpcSpool> spools = new ArrayList<>();
    private final WatchedAlerts watched = new WatchedAlerts();
    private final GrpcAlertFollower follower;
    private Future<?> production = CompletableFuture.completedFuture(null);

    private Campaign(Platform platform, Workload workload)
            throws IOException, GeneralSecurityException {
        this.platform = platform;
        this.admin =
                new GrpcAdmin(platform.gatewayPort(), platform.authority(), platform.adminToken());
        this.follower = admin.follow(admin.alerts().cursor(), watched);
        GrpcSpool.Gateway gateway =
                new GrpcSpool.Gateway(platform.gatewayPort(), platform.authority());
        for (EnrolledAgent agent : admin.enrol(Workload.AGENTS)) {
            spools.add(
                    GrpcSpool.open(
                            agent,
                            gateway,
                            workload.of(agent.device()),
                            SpoolListener.NONE,
                            timer));
        }
    }

    /**
     * Starts everything; agents wait.
     *
     * @param folder empty; logs and data stay there for whoever looks for a cause
     */
    static Campaign start(Path folder, Workload workload)
            throws IOException, GeneralSecurityException {
        Path rules = folder.resolve("rules");
        MarkerRule.writeTo(rules);
        BurstRule.writeTo(rules);
        Platform platform =
                Platform.start(
                        Repository.locate(),
                        new PlatformOptions(folder.resolve("home"), rules, Map.of()));
        boolean started = false;
        try {
            Campaign campaign = new Campaign(platform, workload);
            started = true;
            return campaign;
        } finally {
            if (!started) {
                platform.close();
            }
        }
    }

    /** Agents produce at a steady rate from now on, whatever becomes of the platform. */
    void produce() {
        production =
                timer.scheduleAtFixedRate(
                        () -> spools.forEach(GrpcSpool::allowOneMore),
                        0,
                        BATCH_MILLIS,
                        TimeUnit.MILLISECONDS);
    }

    /** Agents produce exactly as many batches each. */
    void produce(List<Long> batches) {
        for (int index = 0; index < spools.size(); index++) {
            spools.get(index).allow(batches.get(index));
        }
    }

    /**
     * Ends the production; gives how many batches each agent made. On the timer's thread: not in
     * the middle of a tick, and agents can still come back after a break.
     */
    List<Long> stopProducing() {
        return CompletableFuture.supplyAsync(
                        () -> {
                            production.cancel(false);
                            return spools.stream().map(GrpcSpool::stopProducing).toList();
                        },
                        timer)
                .join();
    }

    void strike(Fault fault) throws IOException, InterruptedException {
        fault.strike(platform);
    }

    /** Waits until the platform works again without hands, for every agent. */
    void awaitRecovery(String from) throws InterruptedException {
        List<Long> before = spools.stream().map(GrpcSpool::acknowledged).toList();
        Waiting.until(
                () ->
                        "recovery from %s; away: %s; durable before: %s, now: %s; logs are in %s"
                                .formatted(
                                        from,
                                        platform.away(),
                                        before,
                                        spools.stream().map(GrpcSpool::acknowledged).toList(),
                                        platform.logs()),
                RECOVERY,
                () -> storesRun() && platform.away().isEmpty() && allAdvanced(before));
    }

    /** Waits until the service says that it is ready, whatever the others do. */
    void awaitReady(Service service) throws InterruptedException {
        Waiting.until(
                () -> service + " to be ready; logs are in " + platform.logs(),
                RECOVERY,
                () -> !platform.away().contains(service));
    }

    private boolean storesRun() {
        try {
            return !platform.pids(Store.REDIS).isEmpty()
                    && !platform.pids(Store.POSTGRES).isEmpty();
        } catch (IOException e) {
            return false;
        }
    }

    private boolean allAdvanced(List<Long> before) {
        for (int index = 0; index < spools.size(); index++) {
            if (spools.get(index).acknowledged() <= before.get(index)) {
                return false;
            }
        }
        return true;
    }

    /** Waits until everything that was produced is durable, counted and matched; checks it. */
    AlertSet findings(List<Long> batches) throws InterruptedException {
        long produced = batches.stream().mapToLong(Long::longValue).sum();
        Waiting.until(
                () -> "delivery of every batch of " + batches,
                ACCOUNTING,
                () -> spools.stream().allMatch(GrpcSpool::isDone));
        long markers = produced * Workload.MARKERS_IN_BATCH;
        Waiting.until(
                () -> "a match of each of " + markers + " markers, and their correlation",
                ACCOUNTING,
                () -> haveMatched(markers));
        assertThat(spools).allSatisfy(spool -> assertThat(spool.violation()).isEmpty());
        checkLedger(batches);
        List<Alert> alerts = admin.alerts().all();
        AlertSet found = AlertSet.of(alerts);
        assertThat(found.matchesOf(MarkerRule.ID)).as("matches of markers").isEqualTo(markers);
        assertThat(found.matchesOf(BurstRule.ID)).as("correlated markers").isEqualTo(markers);
        assertThat(alerts).allSatisfy(alert -> assertThat(alert.getIncident()).isNotEmpty());
        checkWatch(found);
        return found;
    }

    /** Right after a kill the gateway may not have its way to detection back yet. */
    private boolean haveMatched(long markers) {
        try {
            AlertSet alerts = AlertSet.of(admin.alerts().all());
            return alerts.matchesOf(MarkerRule.ID) >= markers
                    && alerts.matchesOf(BurstRule.ID) >= markers;
        } catch (StatusRuntimeException e) {
            if (e.getStatus().getCode() == Status.Code.UNAVAILABLE) {
                return false;
            }
            throw e;
        }
    }

    private void checkLedger(List<Long> batches) {
        Map<String, Long> expected =
                spools.stream()
                        .collect(
                                Collectors.toMap(
                                        spool -> spool.agent().agentId(),
                                        spool ->
                                                batches.get(spools.indexOf(spool))
                                                        * Batches.EVENTS));
        List<LedgerHour> ledger = admin.ledger();
        assertThat(ledger)
                .allSatisfy(hour -> {
                    assertThat(hour.getProduced())
                            .isEqualTo(hour.getStored() + hour.getDeclaredLost());
                    assertThat(hour.getDeclaredLost()).isZero();
                });
        assertThat(
                        ledger.stream()
                                .collect(
                                        Collectors.groupingBy(
                                                LedgerHour::getAgentId,
                                                Collectors.summingLong(LedgerHour::getStored))))
                .as("stored events by agent")
                .isEqualTo(expected);
    }

    /** The watch saw the last state of every alert, and no state after a later one. */
    private void checkWatch(AlertSet found) throws InterruptedException {
        Map<String, Long> expected =
                found.byName().entrySet().stream()
                        .collect(
                                Collectors.toMap(
                                        Map.Entry::getKey, entry -> entry.getValue().matches()));
        Waiting.until(
                () ->
                        "the watch saw %s, the list has %s; %s"
                                .formatted(watched.matches(), expected, follower),
                RECOVERY,
                () -> watched.matches().equals(expected) || follower.problem().isPresent());
        assertThat(follower.problem()).isEmpty();
        assertThat(watched.problem()).isEmpty();
    }

    @Override
    public void close() throws IOException {
        follower.close();
        timer.shutdownNow();
        spools.forEach(GrpcSpool::close);
        admin.close();
        platform.close();
    }
}
