package dev.yagura.inventory.asset;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.inventory.Enrolling;
import dev.yagura.inventory.InventoryService;
import dev.yagura.inventory.TestClock;
import dev.yagura.inventory.access.Visibility;
import dev.yagura.proto.type.v1.Scope;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What AWS Config kept, before what the inventory kept. */
class RecordedVersionsTest {
    @RegisterExtension static final InventoryService SERVICE = new InventoryService();

    private static final Scope SCOPE = Enrolling.scope("100000000062");
    private static final Visibility EVERYTHING = new Visibility(Set.of());
    private static final Hosts HOSTS = new Hosts(SERVICE, SCOPE);

    private final List<Instant> asked = new ArrayList<>();
    private List<RecordedHistory.Item> items = List.of();

    private AssetHistory history() {
        return new AssetHistory(
                SERVICE.bean(AssetCatalog.class),
                SERVICE.bean(VersionStore.class),
                (set, nativeId, time) -> {
                    asked.add(time);
                    return new RecordedHistory.Items(items, "there is more");
                },
                Duration.ofDays(90),
                TestClock.CLOCK);
    }

    @Test
    void versionsOfAwsConfigEndWhereTheNextBeginsAndATombstoneIsOne() {
        TestClock.CLOCK.advance(Duration.ofMinutes(1));
        String name = HOSTS.enroll("recorded");
        UUID id = UUID.fromString(name.substring("assets/".length()));
        Instant first = TestClock.CLOCK.instant();
        Instant deleted = first.minusSeconds(60);
        Instant made = first.minusSeconds(90);
        items = List.of(item("gone", deleted, true), item("old", made, false));

        AssetHistory.Recorded recorded = history().recorded(id, EVERYTHING, first);
        assertThat(asked).containsExactly(first);
        assertThat(recorded.problem()).isEqualTo("there is more");
        assertThat(recorded.versions())
                .extracting(AssetHistory.Version::until)
                .containsExactly(first, deleted);
        assertThat(recorded.versions())
                .extracting(each -> each.asset().updateTime())
                .containsExactly(deleted, made);
        assertThat(recorded.versions())
                .extracting(each -> each.asset().isTombstone())
                .containsExactly(true, false);
        assertThat(recorded.versions().getLast().asset().description().getConfiguration())
                .isEqualTo("{\"name\":\"old\"}");
        assertThat(recorded.versions().getLast().asset().agents()).isEmpty();
    }

    @Test
    void whatIsTooLongForAnAnswerIsLeftOutAndSaysSo() {
        TestClock.CLOCK.advance(Duration.ofMinutes(1));
        String name = HOSTS.enroll("long");
        UUID id = UUID.fromString(name.substring("assets/".length()));
        Instant first = TestClock.CLOCK.instant();
        String text = "x".repeat(600_000);
        items =
                List.of(
                        item(text, first.minusSeconds(1), false),
                        item(text, first.minusSeconds(2), false));
        AssetHistory.Recorded recorded = history().recorded(id, EVERYTHING, first);
        assertThat(recorded.versions()).hasSize(1);
        assertThat(recorded.problem()).contains("too long");
    }

    private static RecordedHistory.Item item(String name, Instant time, boolean deleted) {
        return new RecordedHistory.Item(
                new Observation(
                        "native",
                        "",
                        dev.yagura.proto.inventory.v1.Asset.newBuilder()
                                .setResourceName(name.substring(0, Math.min(9, name.length())))
                                .build(),
                        Optional.of("{\"name\":\"%s\"}".formatted(name)),
                        time),
                deleted);
    }
}
