package dev.yagura.detection.canary;

import dev.yagura.common.config.Settings;
import dev.yagura.common.persistence.Transactions;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/** Canaries of one replica, without a container; five rounds a second. */
public final class RunningCanaries implements AutoCloseable {
    private final CanaryRounds rounds;
    private final GrpcCanaryLog log;

    public RunningCanaries(Settings settings, CanarySource source, Transactions transactions) {
        log = new GrpcCanaryLog(settings);
        rounds =
                new CanaryRounds(
                        new CanaryConfig(
                                Duration.ofMillis(200), Duration.ofSeconds(2), Duration.ofDays(7)),
                        source,
                        log,
                        transactions,
                        Clock.systemUTC());
    }

    public RunningCanaries start() {
        rounds.start();
        return this;
    }

    public CanaryRounds rounds() {
        return rounds;
    }

    public CanaryReport report(String name) {
        List<CanaryReport> found =
                rounds.reports().stream().filter(report -> report.name().equals(name)).toList();
        return found.getFirst();
    }

    @Override
    public void close() throws InterruptedException {
        rounds.stop();
        log.close();
    }
}
