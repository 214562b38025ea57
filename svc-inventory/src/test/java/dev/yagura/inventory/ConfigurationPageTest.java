package dev.yagura.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.common.config.Settings;
import dev.yagura.testkit.ConfigurationPage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ConfigurationPageTest {
    @RegisterExtension static final InventoryService SERVICE = new InventoryService();

    @Test
    void configurationPageIsCurrent() throws Exception {
        Settings read = SERVICE.bean(Settings.class);
        assertThat(read.knownKeys())
                .extracting(Settings.Key::name)
                .contains("yagura.inventory.ca.certificate", "yagura.inventory.scopes");
        ConfigurationPage.of("inventory", "svc-inventory").check(read);
    }
}
