package dev.yagura.ingest.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class LedgerMemberTest {
    @Test
    void sortsNewestHourFirstThenByAgent() {
        List<LedgerMember> sorted =
                List.of(
                        new LedgerMember(495_001, "a", "111122223333"),
                        new LedgerMember(495_001, "b", "111122223333"),
                        new LedgerMember(495_000, "a", "111122223333"),
                        new LedgerMember(262_968, "a", "111122223333"));

        assertThat(sorted.stream().map(LedgerMember::encoded)).isSorted();
        assertThat(sorted.stream().map(LedgerMember::encoded).map(LedgerMember::of))
                .containsExactlyElementsOf(sorted);
    }
}
