package dev.yagura.detection.indicator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.yagura.common.error.AlreadyExistsException;
import dev.yagura.common.error.LimitExceededException;
import dev.yagura.indicator.IndicatorEntry;
import dev.yagura.indicator.IndicatorKey;
import dev.yagura.indicator.IndicatorKind;
import dev.yagura.proto.detection.v1.Severity;
import dev.yagura.testkit.PostgresFixture;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class SqlIndicatorStoreTest {
    @RegisterExtension static final PostgresFixture POSTGRES = PostgresFixture.of("detection");

    private static final Instant FIRST = Instant.parse("2026-03-01T00:00:00Z");
    private static final long NO_LIMIT = Long.MAX_VALUE;

    private final IndicatorStore store =
            new SqlIndicatorStore(POSTGRES.transactions(), Duration.ofMinutes(1));
    private Instant now = FIRST;
    private IndicatorStore.@Nullable Imported imported;

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
    void replacesAListAndCountsWhatChanged() {
        replace("feed", entry("a.example"), entry("b.example"), entry("c.example"));
        assertThat(counts()).containsExactly(3L, 0L, 0L, 0L, 0L);

        now = FIRST.plusSeconds(60);
        replace("feed", entry("a.example"), confident("b.example", 90), entry("d.example"));
        assertThat(counts()).containsExactly(1L, 1L, 1L, 1L, 0L);

        assertThat(values("feed")).containsExactlyInAnyOrder("a.example", "b.example", "d.example");
        assertThat(one("a.example").listVersion()).isEqualTo(1);
        assertThat(one("a.example").importTime()).isEqualTo(FIRST);
        assertThat(one("b.example").listVersion()).isEqualTo(2);
        assertThat(one("b.example").firstImportTime()).isEqualTo(FIRST);
        assertThat(one("b.example").importTime()).isEqualTo(now);
        IndicatorList list = store.list("feed").orElseThrow();
        assertThat(list.version()).isEqualTo(2);
        assertThat(list.count()).isEqualTo(3);
        assertThat(list.title()).isEqualTo("Feed");
    }

    @Test
    void keepsEveryFieldOfAnEntry() {
        IndicatorEntry entry =
                new IndicatorEntry(
                        new IndicatorKey(IndicatorKind.FILE, "c:/a\\\t\"b\",'\u00e9\n"),
                        "id\\1",
                        FIRST.minusSeconds(5),
                        FIRST.plusSeconds(5),
                        true,
                        77,
                        Severity.SEVERITY_CRITICAL,
                        List.of("one", "two, three"),
                        "what \\N it is",
                        null);
        replace("feed", entry);
        StoredIndicator stored = store.find(List.of(entry.key()), 10).getFirst();
        assertThat(stored.key()).isEqualTo(entry.key());
        assertThat(stored.sourceId()).isEqualTo(entry.sourceId());
        assertThat(stored.validFrom()).isEqualTo(entry.validFrom());
        assertThat(stored.validUntil()).isEqualTo(entry.validUntil());
        assertThat(stored.revokedBySource()).isTrue();
        assertThat(stored.confidence()).isEqualTo(77);
        assertThat(stored.severity()).isEqualTo(Severity.SEVERITY_CRITICAL);
        assertThat(stored.labels()).containsExactly("one", "two, three");
        assertThat(stored.description()).isEqualTo("what \\N it is");
    }

    @Test
    void ofTwoOfTheSameTheLastCountsAndOfAStixIdTheNewestVersion() {
        replace("feed", confident("a.example", 1), confident("a.example", 2));
        assertThat(one("a.example").confidence()).isEqualTo(2);
        assertThat(counts()).containsExactly(1L, 0L, 0L, 0L, 1L);

        replace(
                "stix",
                modified("new.example", "indicator--1", FIRST.plusSeconds(2)),
                modified("old.example", "indicator--1", FIRST.plusSeconds(1)),
                modified("other.example", "indicator--2", FIRST));
        assertThat(values("stix")).containsExactlyInAnyOrder("new.example", "other.example");
    }

    @Test
    void validateOnlyChangesNothing() {
        IndicatorStore.Request request = request("x");
        replace(request, "feed", true, NO_LIMIT, entry("a.example"));
        assertThat(counts()).containsExactly(1L, 0L, 0L, 0L, 0L);
        assertThat(store.list("feed")).isEmpty();
        replace(request, "feed", false, NO_LIMIT, entry("a.example"));
        assertThat(store.list("feed")).isPresent();
    }

    @Test
    void aRepeatedRequestIsAnsweredAndDoesNothing() {
        IndicatorStore.Request request = request("x");
        ByteString first = replace(request, "feed", false, NO_LIMIT, entry("a.example"));
        replace("feed", entry("b.example"));
        assertThat(replace(request, "feed", false, NO_LIMIT, entry("a.example"))).isEqualTo(first);
        assertThat(values("feed")).containsExactly("b.example");
        assertThatThrownBy(() ->
                        replace(
                                new IndicatorStore.Request(request.id(), "y", "me", now),
                                "feed",
                                false,
                                NO_LIMIT,
                                entry("c.example")))
                .isInstanceOf(AlreadyExistsException.class)
                .hasMessageContaining("request_id");
    }

    @Test
    void tooManyOrABrokenFileLeaveTheListAsItIs() {
        replace("feed", entry("a.example"));
        assertThatThrownBy(() ->
                        replace(
                                request("x"),
                                "feed",
                                false,
                                1,
                                entry("b.example"),
                                entry("c.example")))
                .isInstanceOf(LimitExceededException.class)
                .hasMessageContaining("max-indicators");
        assertThatThrownBy(() ->
                        store.replace(
                                request("x"),
                                target("feed"),
                                NO_LIMIT,
                                false,
                                taker -> {
                                    taker.accept(entry("b.example"));
                                    throw new IllegalStateException("broken");
                                },
                                done -> ByteString.EMPTY))
                .hasMessage("broken");
        assertThat(values("feed")).containsExactly("a.example");
        assertThat(store.list("feed").orElseThrow().version()).isEqualTo(1);
    }

    @Test
    void aRevocationOutlivesImportsUntilItIsTakenBack() {
        replace("feed", entry("a.example"));
        UUID id = one("a.example").id();
        long revision = store.list("feed").orElseThrow().revision();
        IndicatorStore.Request request = request("revoke");
        StoredIndicator revoked = store.revoke(request, "feed", id, "ours").orElseThrow();
        assertThat(revoked.revocation())
                .contains(new StoredIndicator.Revocation("ours", "me", now));
        assertThat(store.list("feed").orElseThrow().revision()).isGreaterThan(revision);
        assertThat(store.revoke(request, "feed", id, "ours")).contains(revoked);

        replace("feed", entry("b.example"));
        replace("feed", entry("a.example"));
        assertThat(one("a.example").isRevoked()).isTrue();

        assertThat(store.revoke(request("reinstate"), "feed", id, null).orElseThrow().isRevoked())
                .isFalse();
        assertThat(store.revoke(request("none"), "feed", UUID.randomUUID(), "x")).isEmpty();
        assertThat(store.revoke(request("none"), "none", id, "x")).isEmpty();
    }

    @Test
    void deletesAListWithAllThatIsInIt() {
        replace("feed", entry("a.example"), entry("b.example"));
        replace("other", entry("a.example"));
        IndicatorStore.Request request = request("delete");
        List<Long> removed = new ArrayList<>();
        for (int time = 0; time < 2; time++) {
            assertThat(
                            store.delete(
                                    request,
                                    "feed",
                                    count -> {
                                        removed.add(count);
                                        return ByteString.EMPTY;
                                    }))
                    .isPresent();
        }
        assertThat(removed).containsExactly(2L);
        assertThat(store.delete(request("again"), "feed", count -> ByteString.EMPTY)).isEmpty();
        assertThat(store.lists("", 10)).extracting(IndicatorList::id).containsExactly("other");
        assertThat(store.find(List.of(entry("a.example").key()), 10)).hasSize(1);
    }

    @Test
    void listsInPagesAndByKindAndValue() {
        replace("one", entry("a.example"), entry("b.example"), address("203.0.113.1"));
        replace("two", entry("a.example"));
        List<String> names = new ArrayList<>();
        Optional<IndicatorStore.After> after = Optional.empty();
        IndicatorStore.Filter all =
                new IndicatorStore.Filter(Optional.empty(), Optional.empty(), List.of());
        for (List<StoredIndicator> page = store.page(all, after, 3);
                !page.isEmpty();
                page = store.page(all, after, 3)) {
            page.forEach(one -> names.add(one.list().id() + " " + one.key().value()));
            StoredIndicator last = page.getLast();
            after = Optional.of(new IndicatorStore.After(last.list().id(), last.id()));
        }
        assertThat(names)
                .containsExactlyInAnyOrder(
                        "one a.example", "one b.example", "one 203.0.113.1", "two a.example");
        assertThat(
                        store.page(
                                new IndicatorStore.Filter(
                                        Optional.of("one"),
                                        Optional.of(IndicatorKind.ADDRESS),
                                        List.of()),
                                Optional.empty(),
                                10))
                .extracting(one -> one.key().value())
                .containsExactly("203.0.113.1");
        assertThat(
                        store.page(
                                new IndicatorStore.Filter(
                                        Optional.empty(),
                                        Optional.empty(),
                                        List.of(entry("a.example").key())),
                                Optional.empty(),
                                10))
                .extracting(one -> one.list().id())
                .containsExactly("one", "two");
    }

    @Test
    void tellsKeysThatCameAfterAVersion() {
        replace("feed", entry("a.example"), entry("b.example"));
        replace("feed", entry("a.example"), confident("b.example", 9), entry("c.example"));
        assertThat(keys(0)).containsExactlyInAnyOrder("a.example", "b.example", "c.example");
        assertThat(keys(1)).containsExactlyInAnyOrder("b.example", "c.example");
        assertThat(keys(2)).isEmpty();
    }

    private List<String> keys(long after) {
        List<String> keys = new ArrayList<>();
        store.keys("feed", after, key -> keys.add(key.value()));
        return keys;
    }

    private List<Long> counts() {
        IndicatorStore.Imported last = java.util.Objects.requireNonNull(imported);
        return List.of(
                last.added(), last.changed(), last.removed(), last.unchanged(), last.duplicates());
    }

    private StoredIndicator one(String domain) {
        return store.find(List.of(entry(domain).key()), 10).getFirst();
    }

    private List<String> values(String list) {
        return store
                .page(
                        new IndicatorStore.Filter(Optional.of(list), Optional.empty(), List.of()),
                        Optional.empty(),
                        100)
                .stream()
                .map(one -> one.key().value())
                .toList();
    }

    private void replace(String list, IndicatorEntry... entries) {
        replace(request("import"), list, false, NO_LIMIT, entries);
    }

    private ByteString replace(
            IndicatorStore.Request request,
            String list,
            boolean validateOnly,
            long limit,
            IndicatorEntry... entries) {
        return store.replace(
                request,
                target(list),
                limit,
                validateOnly,
                taker -> List.of(entries).forEach(taker),
                done -> {
                    imported = done;
                    return ByteString.copyFromUtf8(done.list().version() + "");
                });
    }

    private IndicatorStore.Request request(String fingerprint) {
        return new IndicatorStore.Request(UUID.randomUUID(), fingerprint, "me", now);
    }

    private static IndicatorStore.Target target(String list) {
        return new IndicatorStore.Target(list, "Feed", 1, "00", UUID.randomUUID());
    }

    private static IndicatorEntry entry(String domain) {
        return confident(domain, 50);
    }

    private static IndicatorEntry address(String address) {
        return new IndicatorEntry(
                new IndicatorKey(IndicatorKind.ADDRESS, address),
                "",
                null,
                null,
                false,
                50,
                Severity.SEVERITY_HIGH,
                List.of(),
                "",
                null);
    }

    private static IndicatorEntry confident(String domain, int confidence) {
        return of(domain, "", confidence, null);
    }

    private static IndicatorEntry modified(String domain, String id, Instant modified) {
        return of(domain, id, 50, modified);
    }

    private static IndicatorEntry of(
            String domain, String id, int confidence, @Nullable Instant modified) {
        return new IndicatorEntry(
                new IndicatorKey(IndicatorKind.DOMAIN, domain),
                id,
                null,
                null,
                false,
                confidence,
                Severity.SEVERITY_HIGH,
                List.of(),
                "",
                modified);
    }
}
