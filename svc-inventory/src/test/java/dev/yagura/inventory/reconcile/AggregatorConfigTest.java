package dev.yagura.inventory.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.yagura.common.config.InvalidSettingException;
import dev.yagura.common.config.Settings;
import dev.yagura.inventory.access.Scopes;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AggregatorConfigTest {
    private static final String NAME = "yagura.inventory.aggregator.name";
    private static final String SCOPE = "yagura.inventory.aggregator.scope";

    @Test
    void nobodyAggregatesUnlessItIsSaidWhoAndWhere() {
        assertThat(of(Map.of()).aggregator()).isEmpty();
        assertThat(of(Map.of(NAME, "all", SCOPE, "aws:111122223333:eu-west-1")).aggregator())
                .contains(
                        new AggregatorConfig.Aggregator(
                                Scopes.parse("aws:111122223333:eu-west-1"), "all"));
    }

    @Test
    void refusesHalfOfIt() {
        refused(Map.of(NAME, "all"), SCOPE);
        refused(Map.of(SCOPE, "aws:111122223333:eu-west-1"), NAME);
        refused(Map.of(NAME, "all", SCOPE, "eu-west-1"), SCOPE);
    }

    private static void refused(Map<String, String> settings, String named) {
        assertThatExceptionOfType(InvalidSettingException.class)
                .isThrownBy(() -> of(settings))
                .withMessageContaining(named);
    }

    private static AggregatorConfig of(Map<String, String> settings) {
        return AggregatorConfig.from(Settings.of("yagura.inventory", settings));
    }
}
