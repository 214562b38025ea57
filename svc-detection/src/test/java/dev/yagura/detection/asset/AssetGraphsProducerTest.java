package dev.yagura.detection.asset;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.common.config.Settings;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AssetGraphsProducerTest {
    @Test
    void answersBeforeTheGatewayGivesUp() {
        assertThat(deadline(Map.of())).isEqualTo(Duration.ofSeconds(5));
        assertThat(deadline(Map.of("yagura.detection.client.inventory.deadline", "PT2S")))
                .isEqualTo(Duration.ofSeconds(2));
    }

    private static Duration deadline(Map<String, String> more) {
        Map<String, String> address =
                Map.of("yagura.detection.client.inventory.addresses", "localhost:1");
        return AssetGraphsProducer.config(
                        new Settings(
                                "yagura.detection",
                                key ->
                                        Optional.ofNullable(
                                                more.getOrDefault(key, address.get(key)))))
                .deadline();
    }
}
