package dev.yagura.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class AssetAccountTest {
    private static final int SIZE = 1_000;
    private static final Instant NOW = Instant.parse("2026-11-27T12:00:00Z");

    @Test
    void hasAsManyAssetsAsItIsAskedFor() {
        assertThat(rows()).extracting(AssetRow::id).hasSize(SIZE).doesNotHaveDuplicates();
    }

    @Test
    void isTheSameEachTime() {
        assertThat(rows()).isEqualTo(rows());
    }

    @Test
    void instanceNamesAssetsThatAreThere() {
        List<AssetRow> rows = rows();
        Set<UUID> known = new HashSet<>();
        rows.forEach(row -> known.add(row.id()));
        AssetRow instance = rows.getFirst();

        assertThat(instance.id()).isEqualTo(new AssetRows(1, SIZE, NOW).instance(0, 0));
        // All but its image and its profile, which the inventory does not read.
        assertThat(instance.named().stream().filter(known::contains))
                .hasSize(instance.named().size() - 2)
                .hasSizeGreaterThanOrEqualTo(7);
        assertThat(rows.stream().filter(row -> row.kind() == AssetKind.VOLUME).limit(1))
                .allSatisfy(volume -> assertThat(volume.named()).containsExactly(instance.id()));
    }

    private static List<AssetRow> rows() {
        AssetAccount account = new AssetAccount(0, SIZE, NOW);
        List<AssetRow> rows = new ArrayList<>();
        for (AssetKind kind : AssetKind.values()) {
            for (int index = 0; index < account.count(kind); index++) {
                rows.add(account.row(kind, index));
            }
        }
        return rows;
    }
}
