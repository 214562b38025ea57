package dev.yagura.response.isolation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yagura.common.config.InvalidSettingException;
import dev.yagura.common.config.Settings;
import dev.yagura.response.aws.AddressBlock;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IsolationConfigTest {
    private static final String KEY = "yagura.response.isolation.gateway-addresses";

    @Test
    void readsAddressesBlocksAndIpv6() {
        assertThat(read("10.20.1.40:8443, 10.20.2.0/24:443,[2001:db8::40]:8443").gateways())
                .extracting(each -> each.addresses() + " " + each.port())
                .containsExactly(
                        "10.20.1.40/32 8443", "10.20.2.0/24 443", "2001:db8:0:0:0:0:0:40/128 8443");
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.20.1.40", "gateway.example:8443", "10.20.1.0/33:443", "10.0.0.1:0"})
    void refusesAnythingElseByName(String value) {
        assertThatThrownBy(() -> read(value))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageContaining(KEY);
    }

    @ParameterizedTest
    @CsvSource({
        "10.20.0.0/16,10.20.1.40,true",
        "10.20.1.40,10.20.0.0/16,false",
        "0.0.0.0/0,10.20.1.40,true",
        "0.0.0.0/0,2001:db8::1,false",
        "2001:db8::/33,2001:db8:8000::1,false",
        "2001:db8::/33,2001:db8:7fff::1,true",
    })
    void knowsWhatABlockContains(String outer, String inner, boolean contained) {
        assertThat(AddressBlock.parse(outer).contains(AddressBlock.parse(inner)))
                .isEqualTo(contained);
    }

    private static IsolationConfig read(String value) {
        return IsolationConfig.from(Settings.of("yagura.response", Map.of(KEY, value)));
    }
}
