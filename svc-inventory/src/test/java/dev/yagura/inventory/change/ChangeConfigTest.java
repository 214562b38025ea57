package dev.yagura.inventory.change;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yagura.common.config.InvalidSettingException;
import dev.yagura.common.config.Settings;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChangeConfigTest {
    private static final String KEY = "yagura.inventory.changes.queues";
    private static final String URL = "https://sqs.eu-west-1.amazonaws.com/111122223333/config";

    @Test
    void queueHasTheScopeWhoseRoleReadsIt() {
        ChangeConfig config = config("aws:111122223333:eu-west-1=" + URL);
        assertThat(config.queues())
                .extracting(ChangeQueue::text)
                .containsExactly("aws:111122223333:eu-west-1 config");
        assertThat(config.queues().getFirst().url()).isEqualTo(URL);
        assertThat(config("").queues()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                URL,
                "aws:1:eu-west-1=" + URL,
                "aws:111122223333:eu-west-1=config",
                "aws:111122223333:eu-west-1=" + URL + ".fifo"
            })
    void anythingElseNamesTheKey(String text) {
        assertThatThrownBy(() -> config(text))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageContaining(KEY)
                .hasMessageContaining("aws:111122223333:eu-west-1");
    }

    private static ChangeConfig config(String queues) {
        return ChangeConfig.from(Settings.of("yagura.inventory", Map.of(KEY, queues)));
    }
}
