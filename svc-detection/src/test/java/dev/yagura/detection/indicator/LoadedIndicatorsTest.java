package dev.yagura.detection.indicator;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.yagura.indicator.IndicatorEntry;
import dev.yagura.indicator.IndicatorKey;
import dev.yagura.indicator.IndicatorKind;
import dev.yagura.proto.detection.v1.IndicatorEvidence;
import dev.yagura.proto.detection.v1.Severity;
import dev.yagura.proto.telemetry.v1.DnsQuery;
import dev.yagura.proto.telemetry.v1.Event;
import dev.yagura.sigma.taxonomy.SensorEvent;
import dev.yagura.testkit.PostgresFixture;
import dev.yagura.testkit.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Replicas that follow the lists in a real PostgreSQL. */
class LoadedIndicatorsTest {
    @RegisterExtension static final PostgresFixture POSTGRES = PostgresFixture.of("detection");

    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    private final SettableClock clock = new SettableClock(NOON);
    private final IndicatorStore store =
            new SqlIndicatorStore(POSTGRES.transactions(), Duration.ofMinutes(1));
    private final LoadedIndicators replica =
            new LoadedIndicators(store, Duration.ofSeconds(5), clock);
    private final IndicatorMatcher matcher = replica.matcher();

    @BeforeAll
    static void migrate() {
        POSTGRES.migrate();
    }

    @BeforeEach
    void empty() {
        POSTGRES.execute(
                "TRUNCATE indicator_list, indicator, indicator_revocation, indicator_request");
    }

    @Test
    void judgesAtTheTimeOfTheEventAndSaysWhy() {
        replace("feed", entry("evil.example", NOON, NOON.plusSeconds(10)));
        replica.refresh();
        clock.advance(Duration.ofDays(1));
        assertThat(matches("evil.example", NOON.minusNanos(1))).isEmpty();
        assertThat(matches("evil.example", NOON.plusSeconds(10))).isEmpty();
        assertThat(matches("evil.example", NOON.plusSeconds(11))).isEmpty();
        IndicatorMatch match = matches("evil.example", NOON).getFirst();
        IndicatorEvidence evidence = match.evidence().getFirst();
        assertThat(evidence.getList()).isEqualTo("indicatorLists/feed");
        assertThat(evidence.getListVersion()).isEqualTo(1);
        assertThat(evidence.getField()).isEqualTo("dns_query.hostname");
        assertThat(evidence.getEventValue()).isEqualTo("evil.example");
        assertThat(evidence.getJudgedAt()).isEqualTo(IndicatorMatcher.timestamp(NOON));
        assertThat(evidence.getValidFrom()).isEqualTo(IndicatorMatcher.timestamp(NOON));
        assertThat(evidence.getValidUntil())
                .isEqualTo(IndicatorMatcher.timestamp(NOON.plusSeconds(10)));
        assertThat(evidence.getFirstImportTime()).isEqualTo(IndicatorMatcher.timestamp(NOON));
        assertThat(evidence.getConfirmTime())
                .isEqualTo(IndicatorMatcher.timestamp(NOON.plus(Duration.ofDays(1))));
        assertThat(match.rule().rule().getId()).isEqualTo("indicators:feed");
        assertThat(match.rule().severity()).isEqualTo(Severity.SEVERITY_HIGH);
    }

    @Test
    void hearsOfImportsRemovalsAndRevocationsInAnotherReplica() {
        replace("feed", entry("a.example"), entry("b.example"));
        replica.refresh();
        assertThat(matches("a.example", NOON)).hasSize(1);

        replace("feed", entry("b.example"), entry("c.example"));
        replica.refresh();
        assertThat(matches("a.example", NOON)).isEmpty();
        assertThat(matches("b.example", NOON)).hasSize(1);
        assertThat(matches("c.example", NOON)).hasSize(1);

        UUID id = store.find(List.of(entry("b.example").key()), 1).getFirst().id();
        store.revoke(request(), "feed", id, "ours");
        replica.refresh();
        assertThat(matches("b.example", NOON)).isEmpty();

        store.revoke(request(), "feed", id, null);
        replica.refresh();
        assertThat(matches("b.example", NOON)).hasSize(1);

        store.delete(request(), "feed", count -> ByteString.EMPTY);
        replace("feed", entry("a.example"));
        replica.refresh();
        assertThat(matches("a.example", NOON)).hasSize(1);
        assertThat(matches("b.example", NOON)).isEmpty();
    }

    @Test
    void oneMatchNamesAllIndicatorsOfAListWithTheHighestSeverity() {
        replace(
                "feed",
                labelled(
                        "evil.example",
                        IndicatorKind.DOMAIN,
                        Severity.SEVERITY_LOW,
                        "attack.t1071.004"),
                labelled(
                        "evil.example",
                        IndicatorKind.DOMAIN_TREE,
                        Severity.SEVERITY_CRITICAL,
                        "attack.command-and-control"));
        replace("other", entry("evil.example"));
        replica.refresh();
        List<IndicatorMatch> matches = matches("evil.example", NOON);
        assertThat(matches)
                .extracting(match -> match.rule().rule().getId())
                .containsExactlyInAnyOrder("indicators:feed", "indicators:other");
        IndicatorMatch feed =
                matches.stream()
                        .filter(match -> match.rule().rule().getId().endsWith("feed"))
                        .findFirst()
                        .orElseThrow();
        assertThat(feed.evidence()).hasSize(2);
        assertThat(feed.rule().severity()).isEqualTo(Severity.SEVERITY_CRITICAL);
        assertThat(feed.rule().rule().getTechniquesList()).containsExactly("T1071.004");
        assertThat(feed.rule().rule().getTacticsList()).containsExactly("command-and-control");
    }

    /** Imports, removals, revocations and validity in any order: a plain map says the same. */
    @Test
    void agreesWithAPlainMapOverRandomChanges() {
        Random random = new Random(17);
        Map<String, Map<String, IndicatorEntry>> lists = new HashMap<>();
        TreeSet<String> revoked = new TreeSet<>();
        for (int round = 0; round < 60; round++) {
            String list = "feed-" + random.nextInt(3);
            if (random.nextInt(5) == 0) {
                store.delete(request(), list, count -> ByteString.EMPTY);
                lists.remove(list);
                revoked.removeIf(one -> one.startsWith(list + " "));
            } else if (random.nextInt(3) == 0 && lists.containsKey(list)) {
                revoke(list, domain(random), lists, revoked);
            } else {
                Map<String, IndicatorEntry> entries = new HashMap<>();
                for (int i = random.nextInt(8); i >= 0; i--) {
                    Instant from = NOON.plusSeconds(random.nextInt(10) - 5);
                    entries.put(
                            domain(random),
                            entry("", from, from.plusSeconds(1 + random.nextInt(5))));
                }
                entries.replaceAll(
                        (domain, old) -> entry(domain, old.validFrom(), old.validUntil()));
                replace(list, entries.values().toArray(IndicatorEntry[]::new));
                lists.put(list, entries);
            }
            replica.refresh();
            for (int probe = 0; probe < 10; probe++) {
                String domain = domain(random);
                Instant time = NOON.plusSeconds(random.nextInt(16) - 8);
                assertThat(
                                matches(domain, time).stream()
                                        .map(match -> match.rule().rule().getId())
                                        .sorted()
                                        .toList())
                        .isEqualTo(expected(domain, time, lists, revoked));
            }
        }
    }

    private void revoke(
            String list,
            String domain,
            Map<String, Map<String, IndicatorEntry>> lists,
            TreeSet<String> revoked) {
        UUID id = IndicatorIds.indicator(list, entry(domain).key(), "");
        boolean there = lists.getOrDefault(list, Map.of()).containsKey(domain);
        assertThat(store.revoke(request(), list, id, "ours").isPresent()).isEqualTo(there);
        if (there) {
            revoked.add(list + " " + domain);
        }
    }

    private static List<String> expected(
            String domain,
            Instant time,
            Map<String, Map<String, IndicatorEntry>> lists,
            TreeSet<String> revoked) {
        List<String> expected = new ArrayList<>();
        lists.forEach((list, entries) -> {
            @Nullable IndicatorEntry entry = entries.get(domain);
            if (entry != null
                    && !revoked.contains(list + " " + domain)
                    && entry.validFrom() != null
                    && entry.validUntil() != null
                    && !time.isBefore(entry.validFrom())
                    && time.isBefore(entry.validUntil())) {
                expected.add("indicators:" + list);
            }
        });
        return expected.stream().sorted().toList();
    }

    private static String domain(Random random) {
        return "d" + random.nextInt(12) + ".example";
    }

    private List<IndicatorMatch> matches(String hostname, Instant time) {
        Event event =
                Event.newBuilder().setDnsQuery(DnsQuery.newBuilder().setHostname(hostname)).build();
        return matcher.match(
                SensorEvent.of(event), time.getEpochSecond() * 1_000_000_000L + time.getNano());
    }

    private void replace(String list, IndicatorEntry... entries) {
        store.replace(
                request(),
                new IndicatorStore.Target(list, "", 1, "00", UUID.randomUUID()),
                Long.MAX_VALUE,
                false,
                taker -> List.of(entries).forEach(taker),
                done -> ByteString.EMPTY);
    }

    private IndicatorStore.Request request() {
        return new IndicatorStore.Request(UUID.randomUUID(), "x", "me", clock.instant());
    }

    private static IndicatorEntry entry(String domain) {
        return entry(domain, null, null);
    }

    private static IndicatorEntry entry(
            String domain, @Nullable Instant from, @Nullable Instant until) {
        return new IndicatorEntry(
                new IndicatorKey(IndicatorKind.DOMAIN, domain),
                "",
                from,
                until,
                false,
                50,
                Severity.SEVERITY_HIGH,
                List.of(),
                "",
                null);
    }

    private static IndicatorEntry labelled(
            String domain, IndicatorKind kind, Severity severity, String label) {
        return new IndicatorEntry(
                new IndicatorKey(kind, domain),
                "",
                null,
                null,
                false,
                50,
                severity,
                List.of(label),
                "",
                null);
    }
}
