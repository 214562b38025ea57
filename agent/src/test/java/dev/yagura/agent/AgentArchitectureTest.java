package dev.yagura.agent;

import dev.yagura.common.config.Settings;
import dev.yagura.testkit.ConfigurationPage;
import dev.yagura.testkit.YaguraArchitecture;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AgentArchitectureTest {
    @Test
    void keepsTheBoundaries() {
        YaguraArchitecture.of("dev.yagura.agent").check();
    }

    @Test
    void configurationPageIsCurrent() throws IOException {
        Settings settings = Settings.of("yagura.agent", Map.of());
        AgentConfig.from(settings);
        ConfigurationPage.of("agent", "agent").check(settings);
    }
}
