package dev.yagura.sandbox.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class CidrTest {
    @Test
    void clearsHostBits() {
        assertThat(Cidr.parse("100.68.0.18/18")).hasToString("100.68.0.0/18");
        assertThat(Cidr.parse("2001:db8:1420:1::20/64")).hasToString("2001:db8:1420:1::/64");
    }

    @Test
    void containsAddressesAndBlocksOfItsFamilyOnly() {
        Cidr block = Cidr.parse("10.20.0.0/16");

        assertThat(block.contains(IpAddresses.parse("10.20.255.255"))).isTrue();
        assertThat(block.contains(IpAddresses.parse("10.21.0.0"))).isFalse();
        assertThat(block.contains(Cidr.parse("10.20.1.0/24"))).isTrue();
        assertThat(block.contains(Cidr.parse("10.0.0.0/8"))).isFalse();
        assertThat(Cidr.ANY_IPV4.contains(IpAddresses.parse("::1"))).isFalse();
        assertThat(Cidr.ANY_IPV6.contains(IpAddresses.parse("2001:db8::1"))).isTrue();
    }

    @Test
    void refusesWhatIsNoBlock() {
        for (String text :
                new String[] {"10.20.0.0", "10.20.0/16", "10.0.0.0/33", "x/8", "::/129"}) {
            assertThatThrownBy(() -> Cidr.parse(text))
                    .as(text)
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void writesIpv6InItsShortestForm() {
        assertThat(written("2001:0db8:0:0:1:0:0:1")).isEqualTo("2001:db8::1:0:0:1");
        assertThat(written("2001:db8:0:1:1:1:1:1")).isEqualTo("2001:db8:0:1:1:1:1:1");
        assertThat(written("::")).isEqualTo("::");
        assertThat(written("fd00:ec2::254")).isEqualTo("fd00:ec2::254");
        assertThat(written("1:0:0:0:0:0:0:0")).isEqualTo("1::");
    }

    private static String written(String text) {
        return IpAddresses.format(IpAddresses.parse(text));
    }
}
