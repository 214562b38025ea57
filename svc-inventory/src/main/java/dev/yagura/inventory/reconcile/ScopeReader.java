package dev.yagura.inventory.reconcile;

import dev.yagura.common.aws.AwsAnswers;
import dev.yagura.common.aws.SentRequests;
import dev.yagura.common.config.Settings;
import dev.yagura.common.log.LogKeys;
import dev.yagura.inventory.asset.AssetCatalog;
import dev.yagura.inventory.asset.AssetSet;
import dev.yagura.inventory.asset.Tally;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads a set of assets once: every page, then a second look at what is in doubt. */
@ApplicationScoped
class ScopeReader {
    private static final Logger LOG = LoggerFactory.getLogger(ScopeReader.class);

    private static final Duration MIN_PAUSE = Duration.ofSeconds(5);

    private final Function<String, AssetSource> sources;
    private final Readings readings;
    private final Duration interval;
    private final Clock clock;

    @Inject
    ScopeReader(AssetSources sources, Readings readings, Settings settings, Clock clock) {
        this(sources::of, readings, ReadingConfig.from(settings).interval(), clock);
    }

    /**
     * @param sources by resource type
     */
    ScopeReader(
            Function<String, AssetSource> sources,
            Readings readings,
            Duration interval,
            Clock clock) {
        this.sources = sources;
        this.readings = readings;
        this.interval = interval;
        this.clock = clock;
    }

    /** How a try to read ended. */
    enum Outcome {
        /** Every page and every second look came. */
        COMPLETE,
        /** Every page came, but the source does not record the type: nothing is declared gone. */
        NOT_RECORDED,
        /** Something failed; what came is applied, nothing is declared gone. */
        FAILED,
        /** Not due, or another replica reads. */
        NOT_MINE
    }

    /** Reads the set when it is due. */
    Outcome read(AssetSet set) {
        Optional<Reading> begun = readings.begin(set);
        if (begun.isEmpty()) {
            return Outcome.NOT_MINE;
        }
        Reading reading = begun.get();
        AssetSource source = sources.apply(set.resourceType());
        Told told = new Told(readings, reading);
        return SentRequests.counted(told.sent(), () -> tryRead(reading, source, told));
    }

    private Outcome tryRead(Reading reading, AssetSource source, Told told) {
        try {
            return read(reading, source, told);
        } catch (LeaseLostException e) {
            LOG.atInfo().addKeyValue(LogKeys.REASON, e.getMessage()).log("reading given up");
            return Outcome.NOT_MINE;
        } catch (RuntimeException e) {
            // AWS, its credentials, or the database: the set grows stale, and says so.
            fail(reading, source, told, e);
            return Outcome.FAILED;
        }
    }

    private Outcome read(Reading reading, AssetSource source, Told told) {
        AssetSet set = reading.set();
        List<String> doubtful = pages(reading, source, told);
        // After the pages: what is recorded no more may be missing from them.
        Coverage coverage = source.coverage(set);
        told.calls();
        if (coverage instanceof Coverage.NotRecorded missing) {
            readings.notRecorded(reading, source.pause(interval), missing.reason());
            LOG.atInfo()
                    .addKeyValue(LogKeys.KEY, set.text())
                    .addKeyValue(LogKeys.REASON, missing.reason())
                    .log("not recorded by AWS Config; its assets stay as they are");
            return Outcome.NOT_RECORDED;
        }
        if (coverage instanceof Coverage.Live || readings.recorded(reading)) {
            doubtful.addAll(readings.doubtful(reading));
        }
        long tombstones = secondLook(reading, source, doubtful, told);
        readings.complete(reading, source.pause(interval));
        if (tombstones > 0) {
            LOG.atInfo()
                    .addKeyValue(LogKeys.KEY, set.text())
                    .addKeyValue(LogKeys.COUNT, tombstones)
                    .log("assets are gone");
        }
        return Outcome.COMPLETE;
    }

    /** Native ids of tombstones that the pages have without news. */
    private List<String> pages(Reading reading, AssetSource source, Told told) {
        List<String> risen = new ArrayList<>();
        int assets = 0;
        Optional<String> token = Optional.empty();
        do {
            AssetSource.Page page = source.page(reading.set(), token);
            AssetCatalog.Observed observed = readings.apply(reading, page.assets());
            risen.addAll(observed.risen());
            assets += page.assets().size();
            told.page(page.assets().size(), observed);
            token = page.next();
        } while (token.isPresent());
        LOG.atDebug()
                .addKeyValue(LogKeys.KEY, reading.set().text())
                .addKeyValue(LogKeys.SEQUENCE, reading.generation())
                .addKeyValue(LogKeys.COUNT, assets)
                .log("every page read");
        return risen;
    }

    private long secondLook(Reading reading, AssetSource source, List<String> doubtful, Told told) {
        long tombstones = 0;
        for (int from = 0; from < doubtful.size(); from += source.looksAtOnce()) {
            List<String> ids =
                    doubtful.subList(from, Math.min(from + source.looksAtOnce(), doubtful.size()));
            Instant asked = clock.instant();
            Tally looked = readings.confirm(reading, source.look(reading.set(), ids), asked);
            tombstones += looked.tombstoned();
            told.look(looked);
        }
        return tombstones;
    }

    private void fail(Reading reading, AssetSource source, Told told, RuntimeException error) {
        try {
            told.calls();
        } catch (RuntimeException e) {
            // Only a count is lost.
            error.addSuppressed(e);
        }
        fail(readings, reading, source.pause(interval), error);
    }

    /**
     * Notes that a reading failed, and when the next is due.
     *
     * @param longest pause until then, however often it fails
     */
    static void fail(Readings readings, Reading reading, Duration longest, RuntimeException error) {
        String reason = AwsAnswers.text(error);
        LOG.atWarn()
                .addKeyValue(LogKeys.KEY, reading.set().text())
                .addKeyValue(LogKeys.REASON, reason)
                .log("cannot read the assets of a scope; they grow stale, trying again");
        try {
            readings.fail(reading, pause(readings.failures(reading.set()), longest), reason);
        } catch (RuntimeException e) {
            // The lease runs out by itself.
            LOG.atWarn()
                    .addKeyValue(LogKeys.KEY, reading.set().text())
                    .addKeyValue(LogKeys.REASON, String.valueOf(e.getMessage()))
                    .log("cannot note that a reading failed");
        }
    }

    /** From 5 s, doubled with each failure, up to the longest; half of it by chance. */
    private static Duration pause(int failures, Duration longest) {
        long millis = MIN_PAUSE.toMillis() << Math.min(failures, 10);
        long bounded = Math.min(millis, Math.max(longest.toMillis(), 1));
        return Duration.ofMillis(ThreadLocalRandom.current().nextLong(bounded / 2, bounded + 1));
    }
}
