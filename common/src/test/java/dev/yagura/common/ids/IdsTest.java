package dev.yagura.common.ids;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yagura.common.error.InvalidFieldException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class IdsTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00.123456789Z");
    private static final UUID DNS = UUID.fromString("6ba7b810-9dad-11d1-80b4-00c04fd430c8");

    @Test
    void newIdCarriesVersionVariantAndTime() {
        UUID id = new Ids(Clock.fixed(NOW, ZoneOffset.UTC)).v7();
        assertThat(id.version()).isEqualTo(7);
        assertThat(id.variant()).isEqualTo(2);
        assertThat(id.getMostSignificantBits() >>> 16).isEqualTo(NOW.toEpochMilli());
    }

    @Test
    void newIdsRiseWhileTheClockStandsStill() {
        Ids ids = new Ids(Clock.fixed(NOW, ZoneOffset.UTC));
        List<String> made = Stream.generate(ids::v7).limit(10_000).map(UUID::toString).toList();
        assertThat(made).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void newIdsRiseWhenTheClockStepsBack() {
        List<Instant> times = new ArrayList<>(List.of(NOW.minusSeconds(60), NOW));
        Ids ids = new Ids(new ListClock(times));
        String before = ids.v7().toString();
        String after = ids.v7().toString();
        assertThat(after).isGreaterThan(before);
    }

    @Test
    void threadsNeverMakeTheSameTimeOrder() throws Exception {
        Ids ids = new Ids(Clock.fixed(NOW, ZoneOffset.UTC));
        Callable<List<Long>> maker =
                () ->
                        Stream.generate(ids::v7)
                                .limit(2000)
                                .map(UUID::getMostSignificantBits)
                                .toList();
        Set<Long> made = new HashSet<>();
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<List<Long>> part : executor.invokeAll(Collections.nCopies(4, maker))) {
                made.addAll(part.get());
            }
        }
        assertThat(made).hasSize(8000);
    }

    @Test
    void derivedIdIsTheSameEveryTime() {
        UUID id = Ids.v5(DNS, "a", "b");
        assertThat(id).isEqualTo(UUID.fromString("e5590b15-fdcf-50a8-88ae-c03c279d55b7"));
        assertThat(id.version()).isEqualTo(5);
        assertThat(id.variant()).isEqualTo(2);
    }

    @Test
    void derivedIdKeepsPartsApart() {
        assertThat(Set.of(Ids.v5(DNS, "ab", "c"), Ids.v5(DNS, "a", "bc"), Ids.v5(DNS, "abc")))
                .hasSize(3);
    }

    @Test
    void assetsOfTwoAccountsWithTheSameNativeIdDiffer() {
        UUID first = AssetIds.of("111111111111", "eu-west-1", "ec2:instance", "i-1");
        UUID second = AssetIds.of("222222222222", "eu-west-1", "ec2:instance", "i-1");
        assertThat(first).isNotEqualTo(second);
        assertThatThrownBy(() -> AssetIds.of("111", "eu-west-1", "ec2:instance", "i-1"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("twelve digits");
    }

    @Test
    void resourceNameComesBack() {
        UUID id = UUID.fromString("0198c1c4-0000-7000-8000-000000000001");
        assertThat(ResourceName.parse("alerts", ResourceName.of("alerts", id))).isEqualTo(id);
    }

    @Test
    void refusesNamesOfAnotherForm() {
        for (String name : List.of("", "alerts/", "alerts/1-1-1-1-1", "incidents/" + DNS, "x")) {
            assertThatThrownBy(() -> ResourceName.parse("alerts", name))
                    .isInstanceOf(InvalidFieldException.class)
                    .hasMessageContaining("alerts/{uuid}");
        }
    }

    /** Answers the times from the last to the first. */
    private static final class ListClock extends Clock {
        private final List<Instant> times;

        ListClock(List<Instant> times) {
            this.times = times;
        }

        @Override
        public java.time.ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(java.time.ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return times.removeLast();
        }
    }
}
