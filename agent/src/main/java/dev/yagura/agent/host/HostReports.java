package dev.yagura.agent.host;

import dev.yagura.proto.inventory.v1.HostReport;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the host once a minute, in a thread of its own: a disk that hangs never makes the host
 * look dead. A report is due when it says something new, and every five minutes.
 */
public final class HostReports implements AutoCloseable {
    private static final long LOOK_SECONDS = 60;
    private static final Duration AGAIN = Duration.ofMinutes(5);

    private final ScheduledExecutorService looking =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().name("host-report").daemon().factory());
    private final Supplier<HostReport> reading;
    private final Clock clock;
    private volatile @Nullable Seen latest;
    private @Nullable Seen sent;

    /**
     * @param time when it was looked
     */
    private record Seen(Instant time, HostReport report) {}

    HostReports(Supplier<HostReport> reading, Clock clock) {
        this.reading = reading;
        this.clock = clock;
    }

    /** Begins to look at this host. */
    public static HostReports start(Clock clock) {
        HostReports reports = new HostReports(new HostReader(Path.of("/"))::read, clock);
        reports.looking.scheduleWithFixedDelay(
                reports::tryToLook, 0, LOOK_SECONDS, TimeUnit.SECONDS);
        return reports;
    }

    void look() {
        latest = new Seen(clock.instant(), reading.get());
    }

    /** An exception would end the schedule. */
    private void tryToLook() {
        try {
            look();
        } catch (RuntimeException e) {
            latest =
                    new Seen(
                            clock.instant(),
                            HostReport.newBuilder()
                                    .setSocketsUnread(String.valueOf(e))
                                    .setAntivirusUnread(String.valueOf(e))
                                    .build());
        }
    }

    /** What is to be sent now. What was not looked at again is never sent again. */
    public synchronized Optional<HostReport> due() {
        Seen now = latest;
        Seen last = sent;
        boolean due =
                now != null
                        && (last == null
                                || !now.report().equals(last.report())
                                || Duration.between(last.time(), now.time()).abs().compareTo(AGAIN)
                                        >= 0);
        if (now == null || !due) {
            return Optional.empty();
        }
        sent = now;
        return Optional.of(now.report());
    }

    /** On a new stream the next is due whatever it says: who listened before may have lost it. */
    public synchronized void again() {
        sent = null;
    }

    @Override
    public void close() {
        looking.shutdownNow();
    }
}
