package dev.yagura.inventory.organization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.yagura.common.config.InvalidSettingException;
import dev.yagura.common.config.Settings;
import dev.yagura.inventory.access.Scopes;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OrganizationConfigTest {
    private static final String ACCOUNT = "yagura.inventory.organization.account";
    private static final String ROLE = "yagura.inventory.aws.role";
    private static final String REGIONS = "yagura.inventory.organization.regions";

    @Test
    void nothingIsDiscoveredByItself() {
        assertThat(of(Map.of()).lister()).isEmpty();
    }

    @Test
    void accountsAreListedFromTheFirstRegion() {
        OrganizationConfig config =
                of(
                        Map.of(
                                ROLE,
                                "YaguraInventory",
                                ACCOUNT,
                                "aws:111122223333",
                                REGIONS,
                                "eu-west-1,us-east-1,eu-west-1"));
        assertThat(config.lister()).contains(Scopes.parse("aws:111122223333:eu-west-1"));
        assertThat(config.regions()).containsExactly("eu-west-1", "us-east-1");
    }

    @Test
    void refusesWhatNamesNoRegionOrNoAccount() {
        refused(Map.of(ROLE, "r", ACCOUNT, "aws:111122223333"), REGIONS);
        refused(Map.of(REGIONS, "eu-west-1"), ACCOUNT);
        refused(Map.of(ROLE, "r", ACCOUNT, "111122223333", REGIONS, "eu-west-1"), REGIONS);
        refused(Map.of(ROLE, "r", ACCOUNT, "aws:111122223333", REGIONS, "eu west"), "eu west");
    }

    @Test
    void refusesToReadEveryAccountWithTheSameCredentials() {
        refused(Map.of(ACCOUNT, "aws:111122223333", REGIONS, "eu-west-1"), ROLE);
    }

    private static void refused(Map<String, String> settings, String named) {
        assertThatExceptionOfType(InvalidSettingException.class)
                .isThrownBy(() -> of(settings))
                .withMessageContaining(named);
    }

    private static OrganizationConfig of(Map<String, String> settings) {
        return OrganizationConfig.from(Settings.of("yagura.inventory", settings));
    }
}
