package dev.yagura.inventory.software;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SoftwareReportTest {
    private static final Instant TIME = Instant.parse("2026-03-01T08:00:00Z");

    private final SoftwareReport.Collector collector = new SoftwareReport.Collector();

    @Test
    void listsAreTheSameWhateverTheirOrderAndWhenEachEntryWasInstalled() {
        collector.add(entry("xz", "5.6.1", "2026-03-01T08:00:00Z"));
        collector.add(entry("bash", "5.2", null));
        SoftwareReport.Collector other = new SoftwareReport.Collector();
        other.add(entry("bash", "5.2", "2025-01-01T00:00:00Z"));
        other.add(entry("xz", "5.6.1", null));
        SoftwareReport report = collector.at(TIME);
        assertThat(report.fingerprint()).isEqualTo(other.at(null).fingerprint());
        assertThat(report.entries()).extracting(SoftwareEntry::name).containsExactly("bash", "xz");
        assertThat(report.installTimes()).containsExactly(Optional.empty(), Optional.of(TIME));

        other.add(entry("xz", "5.6.2", null));
        assertThat(report.fingerprint()).isNotEqualTo(other.at(TIME).fingerprint());
    }

    @Test
    void textsThatMoveFromOneAttributeToTheNextMakeAnotherList() {
        collector.add(entry("a", "b", null));
        SoftwareReport.Collector other = new SoftwareReport.Collector();
        other.add(entry("ab", "", null));
        assertThat(collector.at(TIME).fingerprint()).isNotEqualTo(other.at(TIME).fingerprint());
    }

    @Test
    void sameEntryTwiceIsOneWithTheTimeThatIsTold() {
        collector.add(entry("xz", "5.6.1", "last Tuesday"));
        collector.add(entry("xz", "5.6.1", "2026-03-01T08:00:00Z"));
        SoftwareReport report = collector.at(TIME);
        assertThat(report.entries()).hasSize(1);
        assertThat(report.installTimes()).containsExactly(Optional.of(TIME));
        assertThat(report.leftOut()).isZero();
    }

    @Test
    void whatIsTooMuchIsCutAndCounted() {
        for (int i = 0; i < SoftwareReport.MOST; i++) {
            collector.add(entry("p" + i, "1", null));
        }
        collector.add(entry("one more", "1", null));
        collector.add(entry("p7", "1", null));
        collector.add(Map.of("Version", "1"));
        SoftwareReport report = collector.at(null);
        assertThat(report.entries()).hasSize(SoftwareReport.MOST);
        assertThat(report.leftOut()).isEqualTo(2);

        SoftwareEntry cut = SoftwareEntry.of(entry("n\u0000".repeat(500), "v".repeat(500), null));
        assertThat(cut.name()).hasSize(256).doesNotContain("\u0000");
        assertThat(cut.version()).hasSize(128);
        assertThat(cut.release()).isEmpty();
    }

    private static Map<String, String> entry(
            String name, String version, @Nullable String installed) {
        Map<String, String> attributes = new HashMap<>(Map.of("Name", name, "Version", version));
        if (installed != null) {
            attributes.put("InstalledTime", installed);
        }
        return attributes;
    }
}
