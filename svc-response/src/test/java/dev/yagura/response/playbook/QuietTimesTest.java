package dev.yagura.response.playbook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.proto.response.v1.QuietHours;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuietTimesTest {

    /** 2026-11-27 is a Friday; Tokyo is nine hours ahead. */
    @ParameterizedTest
    @CsvSource({
        "09:00, 18:00, '', 2026-11-27T00:00:00Z, true",
        "09:00, 18:00, '', 2026-11-26T23:59:59Z, false",
        "09:00, 18:00, '', 2026-11-27T08:59:59Z, true",
        "09:00, 18:00, '', 2026-11-27T09:00:00Z, false",
        "09:00, 18:00, mon tue, 2026-11-27T05:00:00Z, false",
        "09:00, 18:00, fri, 2026-11-27T05:00:00Z, true",
        "22:00, 06:00, fri, 2026-11-27T13:00:00Z, true",
        "22:00, 06:00, fri, 2026-11-27T20:59:59Z, true",
        "22:00, 06:00, fri, 2026-11-27T21:00:00Z, false",
        "22:00, 06:00, fri, 2026-11-26T20:00:00Z, false",
        "22:00, 06:00, fri, 2026-11-28T13:00:00Z, false",
    })
    void areInTheirZoneAndCountToTheDayOnWhichTheyBegan(
            String from, String to, String days, String instant, boolean quiet) throws Exception {
        QuietHours.Builder hours =
                QuietHours.newBuilder().setZone("Asia/Tokyo").setFrom(from).setTo(to);
        if (!days.isEmpty()) {
            for (String day : days.split(" ", -1)) {
                hours.addDays(day);
            }
        }

        assertThat(QuietTimes.of(hours.build()).includes(Instant.parse(instant))).isEqualTo(quiet);
    }
}
