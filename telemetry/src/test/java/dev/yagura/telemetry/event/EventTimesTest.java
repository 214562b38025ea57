package dev.yagura.telemetry.event;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventTimesTest {
    @ParameterizedTest
    @CsvSource({
        "2025-10-25T13:44:33.440907Z, 1761399873440907000",
        "2025-10-25 13:44:33.440, 1761399873440000000",
        "2025-10-25 13:44:33, 1761399873000000000",
        "2025-10-25T15:44:33+02:00, 1761399873000000000",
        "2025-10-25T08:14:33.5-0530, 1761399873500000000",
        "2022-05-13T08:54:05.1230000Z, 1652432045123000000",
        "1761399873, 1761399873000000000",
        "1761399873.25, 1761399873250000000",
        "1761399873440, 1761399873440000000",
        "1761399873440907, 1761399873440907000",
        "1761399873440907123, 1761399873440907123",
        "/Date(1761399873440)/, 1761399873440000000",
        "1969-12-31 23:59:59.5, -500000000"
    })
    void readsTimes(String text, long nanos) {
        assertThat(EventTimes.parse(text)).hasValue(nanos);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "now",
                "2025-13-01 00:00:00",
                "2025-10-25 25:00:00",
                "2025-10-25T13:44:33 CET",
                "9999999999999999999999",
                "/Date(x)/",
                "2025-10-25T1x:44:33Z"
            })
    void refusesOtherTexts(String text) {
        assertThat(EventTimes.parse(text)).isEmpty();
    }
}
