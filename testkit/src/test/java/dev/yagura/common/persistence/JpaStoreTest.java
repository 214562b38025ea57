package dev.yagura.common.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yagura.common.error.DependencyUnavailableException;
import dev.yagura.common.watch.Change;
import dev.yagura.common.watch.ChangeFeed;
import dev.yagura.common.watch.ChangeFeeds;
import dev.yagura.common.watch.ChangeSubscription;
import dev.yagura.testkit.PostgresFixture;
import io.helidon.microprofile.server.Server;
import jakarta.enterprise.inject.spi.CDI;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The wiring of a whole service: CDI, pool, Flyway, JTA, EclipseLink, change feed. */
class JpaStoreTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00.123456789Z");

    @RegisterExtension static final PostgresFixture POSTGRES = PostgresFixture.of("sample");

    private static Server service;
    private static JpaItemStore store;

    @BeforeAll
    static void startService() {
        POSTGRES.settings().forEach(System::setProperty);
        System.setProperty("yagura.service", "sample");
        System.setProperty("yagura.sample.tls.certificate", "unused.pem");
        System.setProperty("yagura.sample.tls.key", "unused.key");
        System.setProperty("server.port", "0");
        service = Server.builder().build().start();
        store = CDI.current().select(JpaItemStore.class).get();
    }

    @AfterAll
    static void stopService() {
        service.stop();
        System.getProperties().stringPropertyNames().stream()
                .filter(name -> name.startsWith("yagura."))
                .forEach(System::clearProperty);
    }

    @Test
    void everyAttributeComesBack() {
        JpaItem item = item("whole");
        item.parent(UUID.randomUUID());
        item.closedAt(NOW);
        store.insert(item);
        JpaItem found = store.find(item.id()).orElseThrow();
        assertThat(found).isNotSameAs(item);
        assertThat(found.name()).isEqualTo("whole");
        assertThat(found.parent()).isEqualTo(item.parent());
        assertThat(found.createdAt()).isEqualTo(NOW.truncatedTo(ChronoUnit.MICROS));
        assertThat(found.closedAt()).isEqualTo(NOW.truncatedTo(ChronoUnit.MICROS));
        assertThat(found.seenAt()).isEqualTo(NOW);
    }

    @Test
    void absentAttributesStayAbsent() {
        JpaItem item = item("absent");
        store.insert(item);
        JpaItem found = store.find(item.id()).orElseThrow();
        assertThat(found.parent()).isNull();
        assertThat(found.closedAt()).isNull();
    }

    @Test
    void findsByIds() {
        JpaItem first = item("first");
        JpaItem second = item("second");
        second.parent(first.id());
        store.insert(first);
        store.insert(second);
        assertThat(store.findAll(List.of(first.id(), second.id()))).hasSize(2);
        assertThat(store.findByParent(first.id()))
                .extracting(JpaItem::id)
                .containsExactly(second.id());
    }

    @Test
    void rollsBackEntityAndChange() {
        ChangeFeed feed = CDI.current().select(ChangeFeeds.class).get().feed("items");
        String before = feed.cursor();
        JpaItem item = item("rolled back");
        assertThatThrownBy(() -> store.insertAndFail(item)).hasMessage("no");
        assertThat(store.find(item.id())).isEmpty();
        assertThat(feed.cursor()).isEqualTo(before);
    }

    @Test
    void watcherHearsOfACommit() throws Exception {
        ChangeFeed feed = CDI.current().select(ChangeFeeds.class).get().feed("items");
        JpaItem item = item("watched");
        try (ChangeSubscription subscription = feed.watcher().subscribe("")) {
            store.insert(item);
            assertThat(subscription.next(Duration.ofSeconds(10)))
                    .extracting(Change::key)
                    .containsExactly(item.id());
        }
    }

    @Test
    void tellsAUniqueViolation() {
        store.insert(item("twice"));
        assertThatThrownBy(() -> store.insert(item("twice")))
                .satisfies(e -> assertThat(DatabaseErrors.isUniqueViolation(e)).isTrue());
    }

    @Test
    void saysThatTheDatabaseIsAwayWhenACommitLosesItsConnection() {
        assertThatThrownBy(() -> store.insert(item("lost at commit")))
                .isInstanceOf(DependencyUnavailableException.class)
                .hasMessageContaining("PostgreSQL is not available");
    }

    private static JpaItem item(String name) {
        return new JpaItem(UUID.randomUUID(), name, NOW, NOW);
    }
}
