package dev.yagura.detection.indicator;

import com.google.protobuf.Timestamp;
import dev.yagura.detection.indicator.ConfirmedIndicators.Confirmed;
import dev.yagura.indicator.EventScanner;
import dev.yagura.indicator.IndicatorIndex;
import dev.yagura.indicator.IndicatorKey;
import dev.yagura.proto.detection.v1.IndicatorEvidence;
import dev.yagura.proto.detection.v1.MatchedField;
import dev.yagura.proto.detection.v1.RuleReference;
import dev.yagura.proto.detection.v1.Severity;
import dev.yagura.sigma.engine.RuleMatch;
import dev.yagura.sigma.pack.AttackTags;
import dev.yagura.sigma.taxonomy.SensorEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Matches events against indicators: what the index may have is confirmed by the store and judged
 * at the time of the event. Used by one thread.
 */
public final class IndicatorMatcher {
    /** Indicators of one list that one match names. */
    private static final int MOST_EVIDENCE = 20;

    private static final int MAX_VALUE = 1024;
    private static final String PACK = "indicators";

    private final Supplier<IndicatorIndex> index;
    private final Function<IndicatorKey, Confirmed> confirmed;
    private final Wanted wanted;
    private final EventScanner scanner;
    private final List<Hit> hits = new ArrayList<>();
    private final EventScanner.Unmapped unmapped = name -> scanned().unmapped(name);
    private @Nullable SensorEvent scanned;

    /** Which indicators count. */
    interface Wanted {
        boolean is(StoredIndicator indicator);
    }

    private record Hit(String field, String value, IndicatorKey key) {}

    /** An indicator that a value met. */
    private record Found(Hit hit, StoredIndicator indicator, Instant confirmTime) {}

    IndicatorMatcher(
            Supplier<IndicatorIndex> index,
            Function<IndicatorKey, Confirmed> confirmed,
            Wanted wanted) {
        this.index = index;
        this.confirmed = confirmed;
        this.wanted = wanted;
        this.scanner =
                new EventScanner((field, value, key) -> hits.add(new Hit(field, value, key)));
    }

    /**
     * One match for each list with an indicator that the event meets; empty, and nothing allocated,
     * for most.
     *
     * @param occurredNs corrected time of the event
     * @throws dev.yagura.common.error.DependencyUnavailableException the store is away: ask again
     */
    public List<IndicatorMatch> match(SensorEvent event, long occurredNs) {
        hits.clear();
        scanned = event;
        scanner.scan(index.get(), event.core(), unmapped);
        return hits.isEmpty() ? List.of() : confirm(Instant.ofEpochSecond(0, occurredNs));
    }

    private SensorEvent scanned() {
        return Objects.requireNonNull(scanned);
    }

    private List<IndicatorMatch> confirm(Instant occurred) {
        Map<String, Map<UUID, Found>> byList = new LinkedHashMap<>();
        for (Hit hit : hits) {
            Confirmed answer = confirmed.apply(hit.key());
            for (StoredIndicator indicator : answer.indicators()) {
                if (indicator.isValidAt(occurred) && wanted.is(indicator)) {
                    byList.computeIfAbsent(indicator.list().id(), id -> new LinkedHashMap<>())
                            .putIfAbsent(indicator.id(), new Found(hit, indicator, answer.time()));
                }
            }
        }
        return byList.values().stream()
                .map(found -> match(List.copyOf(found.values()), occurred))
                .toList();
    }

    private static IndicatorMatch match(List<Found> all, Instant occurred) {
        IndicatorList list = all.getFirst().indicator().list();
        List<Found> named = all.stream().limit(MOST_EVIDENCE).toList();
        AttackTags tags =
                AttackTags.of(
                        all.stream()
                                .flatMap(found -> found.indicator().labels().stream())
                                .distinct()
                                .toList());
        RuleReference rule =
                RuleReference.newBuilder()
                        .setName("rules/" + PACK + "/" + list.id())
                        .setId(ruleId(list.id()))
                        .setTitle("Indicator of " + list.title())
                        .setPack(PACK)
                        .setContentHash(list.contentSha256())
                        .setRuleSetVersion(list.version())
                        .addAllTechniques(tags.techniques())
                        .addAllTactics(tags.tactics())
                        .build();
        Severity severity =
                all.stream()
                        .map(found -> found.indicator().severity())
                        .max(Comparator.comparingInt(Severity::getNumber))
                        .orElseThrow();
        return new IndicatorMatch(
                new RuleMatch(
                        rule,
                        severity,
                        named.stream().map(IndicatorMatcher::field).toList(),
                        "indicator"),
                named.stream().map(found -> evidence(found, occurred)).toList());
    }

    /** Unlike every id of a Sigma rule: alerts are told apart by it alone. */
    static String ruleId(String list) {
        return PACK + ":" + list;
    }

    private static MatchedField field(Found found) {
        return MatchedField.newBuilder()
                .setField(found.hit().field())
                .setValue(bounded(found.hit().value()))
                .setSelection(found.indicator().key().kind().word())
                .setPattern(bounded(found.indicator().key().value()))
                .build();
    }

    private static IndicatorEvidence evidence(Found found, Instant occurred) {
        StoredIndicator indicator = found.indicator();
        IndicatorEvidence.Builder evidence =
                IndicatorEvidence.newBuilder()
                        .setIndicator(indicator.name())
                        .setList(indicator.list().name())
                        .setListVersion(indicator.list().version())
                        .setSourceId(indicator.sourceId())
                        .setKindValue(indicator.key().kind().code())
                        .setValue(bounded(indicator.key().value()))
                        .setField(found.hit().field())
                        .setEventValue(bounded(found.hit().value()))
                        .setJudgedAt(timestamp(occurred))
                        .setFirstImportTime(timestamp(indicator.firstImportTime()))
                        .setImportTime(timestamp(indicator.importTime()))
                        .setConfirmTime(timestamp(found.confirmTime()))
                        .setConfidence(indicator.confidence())
                        .addAllLabels(indicator.labels())
                        .setDescription(indicator.description());
        @Nullable Instant from = indicator.validFrom();
        if (from != null) {
            evidence.setValidFrom(timestamp(from));
        }
        @Nullable Instant until = indicator.validUntil();
        if (until != null) {
            evidence.setValidUntil(timestamp(until));
        }
        return evidence.build();
    }

    static Timestamp timestamp(Instant time) {
        return Timestamp.newBuilder()
                .setSeconds(time.getEpochSecond())
                .setNanos(time.getNano())
                .build();
    }

    private static String bounded(String text) {
        return text.length() <= MAX_VALUE
                ? text
                : text.substring(
                        0,
                        Character.isHighSurrogate(text.charAt(MAX_VALUE - 1))
                                ? MAX_VALUE - 1
                                : MAX_VALUE);
    }
}
