package dev.yagura.detection.rule;

import dev.yagura.common.error.YaguraException;
import dev.yagura.common.log.LogKeys;
import dev.yagura.common.persistence.Transactions;
import dev.yagura.detection.arrival.SqlArrivals;
import dev.yagura.sigma.LogSource;
import dev.yagura.sigma.taxonomy.EventKind;
import dev.yagura.sigma.taxonomy.EventSource;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts of evaluated events and costs of rules: taken from snapshots and added to the store from
 * time to time. Unlike counts of matches they are not exact: a crash loses what was not written.
 */
@ApplicationScoped
public class RuleActivity {
    private static final Logger LOG = LoggerFactory.getLogger(RuleActivity.class);
    private static final Duration INTERVAL = Duration.ofSeconds(30);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(5);

    /** At a few milliseconds each, well below one percent of a processor. */
    private static final int MEASURED_A_ROUND = 50;

    private final Transactions transactions;
    private final RuleMappings mappings;
    private final Set<RuleSnapshot> snapshots = new LinkedHashSet<>(); // guarded by itself
    private final CountDownLatch stopped = new CountDownLatch(1);
    private @Nullable Thread thread;
    private String measuredLast = "";

    @Inject
    RuleActivity(Transactions transactions, RuleMappings mappings) {
        this.transactions = transactions;
        this.mappings = mappings;
    }

    /** From now on this one is current; an earlier one is asked until it counts no more. */
    void follow(RuleSnapshot snapshot) {
        synchronized (snapshots) {
            snapshots.add(snapshot);
        }
    }

    void start() {
        thread = Thread.ofVirtual().name("rule-activity").start(this::run);
    }

    /** Writes what was counted, then ends. */
    void stop() throws InterruptedException {
        stopped.countDown();
        if (thread != null) {
            thread.join(STOP_LIMIT);
        }
    }

    private void run() {
        boolean more = true;
        while (more) {
            try {
                more = !stopped.await(INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
            try {
                write();
            } catch (YaguraException e) {
                LOG.atWarn()
                        .addKeyValue(LogKeys.REASON, e.getMessage())
                        .log("counts of evaluated events could not be written and are lost");
            } catch (RuntimeException e) {
                LOG.atError().setCause(e).log("counts of evaluated events could not be written");
            }
        }
    }

    /** Adds what was counted since the last time, and measures some rules. */
    void write() {
        List<RuleSnapshot> known;
        synchronized (snapshots) {
            known = new ArrayList<>(snapshots);
        }
        if (known.isEmpty()) {
            return;
        }
        RuleSnapshot current = known.getLast();
        Map<String, Long> evaluated = new TreeMap<>();
        Set<EventKind> arrived = new HashSet<>();
        for (RuleSnapshot snapshot : known) {
            Map<EventKind, Long> kinds = snapshot.kinds().drain();
            arrived.addAll(kinds.keySet());
            if (kinds.isEmpty() && snapshot != current) {
                synchronized (snapshots) {
                    snapshots.remove(snapshot);
                }
            }
            Map<LogSource, Long> bySource = new HashMap<>();
            for (EvaluatedRule rule : snapshot.rules()) {
                long events =
                        bySource.computeIfAbsent(rule.logSource(), source -> sum(source, kinds));
                if (events > 0) {
                    evaluated.merge(rule.name(), events, Long::sum);
                }
            }
        }
        Map<String, Integer> costs = measure(current);
        Instant now = Instant.now();
        transactions.run(transaction -> {
            SqlRuleCounts.addEvaluated(transaction.connection(), evaluated, costs, now);
            SqlArrivals.saw(transaction.connection(), arrived, now);
        });
    }

    private long sum(LogSource source, Map<EventKind, Long> kinds) {
        List<EventSource> sources = mappings.sources(source);
        return kinds.entrySet().stream()
                .filter(kind -> accepts(sources, kind.getKey()))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    private static boolean accepts(List<EventSource> sources, EventKind kind) {
        return sources.stream().anyMatch(source -> source.accepts(kind));
    }

    /** The next few rules by name, each compiled alone and run over sampled events. */
    private Map<String, Integer> measure(RuleSnapshot current) {
        Map<String, Integer> costs = new TreeMap<>();
        List<EvaluatedRule> next =
                current.rules().stream()
                        .filter(rule -> rule.name().compareTo(measuredLast) > 0)
                        .limit(MEASURED_A_ROUND)
                        .toList();
        Map<LogSource, List<KindCounts.Sample>> samples = new HashMap<>();
        for (EvaluatedRule rule : next) {
            List<KindCounts.Sample> events =
                    samples.computeIfAbsent(rule.logSource(), source -> samples(current, source));
            if (!events.isEmpty()) {
                costs.put(
                        rule.name(),
                        RuleCost.nanos(mappings.compile(0, List.of(rule.input())), events));
            }
        }
        measuredLast = next.size() < MEASURED_A_ROUND ? "" : next.getLast().name();
        return costs;
    }

    private List<KindCounts.Sample> samples(RuleSnapshot current, LogSource source) {
        List<EventSource> sources = mappings.sources(source);
        return current.kinds().samples(kind -> accepts(sources, kind));
    }
}
