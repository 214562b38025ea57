package dev.yagura.detection.alert;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yagura.common.config.InvalidSettingException;
import dev.yagura.common.config.Settings;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AlertConfigTest {
    @Test
    void refusesAPeriodLongerThanADay() {
        assertThatThrownBy(() ->
                        AlertConfig.from(
                                Settings.of(
                                        "yagura.detection",
                                        Map.of("yagura.detection.alert.period", "P2D"))))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageContaining("yagura.detection.alert.period")
                .hasMessageContaining("PT24H");
    }
}
