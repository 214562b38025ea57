package dev.yagura.inventory.reconcile;

import dev.yagura.common.config.Settings;
import dev.yagura.common.log.LogKeys;
import dev.yagura.inventory.access.Scopes;
import dev.yagura.inventory.asset.Observation;
import dev.yagura.proto.type.v1.Scope;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads a scope once: every page, then a second look at what is in doubt. */
@ApplicationScoped
class ScopeReader {
    private static final Logger LOG = LoggerFactory.getLogger(ScopeReader.class);

    /** A filter of DescribeInstances takes 200 values. */
    private static final int LOOK_AT_ONCE = 200;

    private static final Duration MIN_PAUSE = Duration.ofSeconds(5);

    private final InstanceSource source;
    private final Readings readings;
    private final Duration interval;
    private final Clock clock;

    @Inject
    ScopeReader(InstanceSource source, Readings readings, Settings settings, Clock clock) {
        this(source, readings, ReadingConfig.from(settings).interval(), clock);
    }

    ScopeReader(InstanceSource source, Readings readings, Duration interval, Clock clock) {
        this.source = source;
        this.readings = readings;
        this.interval = interval;
        this.clock = clock;
    }

    /** How a try to read ended. */
    enum Outcome {
        /** Every page and every second look came. */
        COMPLETE,
        /** Something failed; what came is applied, nothing is declared gone. */
        FAILED,
        /** Not due, or another replica reads. */
        NOT_MINE
    }

    /** Reads the scope when it is due. */
    Outcome read(Scope scope) {
        Optional<Reading> begun = readings.begin(scope);
        if (begun.isEmpty()) {
            return Outcome.NOT_MINE;
        }
        Reading reading = begun.get();
        try {
            int instances = pages(reading);
            int tombstones = secondLook(reading);
            readings.complete(reading, interval);
            LOG.atDebug()
                    .addKeyValue(LogKeys.KEY, Scopes.text(scope))
                    .addKeyValue(LogKeys.SEQUENCE, reading.generation())
                    .addKeyValue(LogKeys.COUNT, instances)
                    .log("scope read");
            if (tombstones > 0) {
                LOG.atInfo()
                        .addKeyValue(LogKeys.KEY, Scopes.text(scope))
                        .addKeyValue(LogKeys.COUNT, tombstones)
                        .log("instances are gone");
            }
            return Outcome.COMPLETE;
        } catch (LeaseLostException e) {
            LOG.atInfo().addKeyValue(LogKeys.REASON, e.getMessage()).log("reading given up");
            return Outcome.NOT_MINE;
        } catch (RuntimeException e) {
            // AWS, its credentials, or the database: the scope grows stale, and says so.
            fail(reading, e);
            return Outcome.FAILED;
        }
    }

    private int pages(Reading reading) {
        int instances = 0;
        Optional<String> token = Optional.empty();
        do {
            InstanceSource.Page page = source.page(reading.scope(), token);
            readings.apply(reading, page.instances());
            instances += page.instances().size();
            token = page.next();
        } while (token.isPresent());
        return instances;
    }

    private int secondLook(Reading reading) {
        List<String> doubtful = readings.doubtful(reading);
        int tombstones = 0;
        for (int from = 0; from < doubtful.size(); from += LOOK_AT_ONCE) {
            List<String> ids =
                    doubtful.subList(from, Math.min(from + LOOK_AT_ONCE, doubtful.size()));
            Instant asked = clock.instant();
            List<Observation> found = source.look(reading.scope(), ids);
            Set<String> gone = new HashSet<>(ids);
            found.stream()
                    .filter(each -> !each.isTerminated())
                    .map(Observation::nativeId)
                    .forEach(gone::remove);
            tombstones += readings.confirm(reading, found, List.copyOf(gone), asked);
        }
        return tombstones;
    }

    private void fail(Reading reading, RuntimeException error) {
        String reason = String.valueOf(error.getMessage());
        LOG.atWarn()
                .addKeyValue(LogKeys.KEY, Scopes.text(reading.scope()))
                .addKeyValue(LogKeys.REASON, reason)
                .log("cannot read the instances of a scope; its assets grow stale, trying again");
        try {
            readings.fail(reading, pause(readings.failures(reading.scope())), reason);
        } catch (RuntimeException e) {
            // The lease runs out by itself.
            LOG.atWarn()
                    .addKeyValue(LogKeys.KEY, Scopes.text(reading.scope()))
                    .addKeyValue(LogKeys.REASON, String.valueOf(e.getMessage()))
                    .log("cannot note that a reading failed");
        }
    }

    /** From 5 s, doubled with each failure, up to the interval; half of it by chance. */
    private Duration pause(int failures) {
        long millis = MIN_PAUSE.toMillis() << Math.min(failures, 10);
        long bounded = Math.min(millis, Math.max(interval.toMillis(), 1));
        return Duration.ofMillis(ThreadLocalRandom.current().nextLong(bounded / 2, bounded + 1));
    }
}
