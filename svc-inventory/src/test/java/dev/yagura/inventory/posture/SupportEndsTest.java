package dev.yagura.inventory.posture;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SupportEndsTest {
    private static final SupportEnds ENDS = SupportEnds.shipped();

    @ParameterizedTest
    @CsvSource({
        "Amazon Linux, 2023, 2029-06-30",
        "Amazon Linux, 2023.6.20241010, 2029-06-30",
        "Amazon Linux, 2, 2026-06-30",
        "Amazon Linux AMI, 2018.03, 2023-12-31",
        "Ubuntu, 22.04, 2027-04-30",
        "Red Hat Enterprise Linux, 8.10, 2029-05-31",
        "Microsoft Windows Server 2019 Datacenter, 10.0.17763, 2029-01-09",
        "Microsoft Windows Server 2012 R2 Standard, 6.3.9600, 2023-10-10",
    })
    void findsTheLineThatSaysMost(String name, String version, LocalDate end) {
        assertThat(ENDS.of(name, version)).contains(end);
    }

    @ParameterizedTest
    @CsvSource({"Amazon Linux, 20", "Ubuntu, 30.04", "Plan 9, 4"})
    void knowsNothingOfOthers(String name, String version) {
        assertThat(ENDS.of(name, version)).isEmpty();
    }
}
