package dev.yagura.sandbox.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.sandbox.net.Cidr;
import dev.yagura.sandbox.net.Direction;
import dev.yagura.sandbox.net.IpAddresses;
import dev.yagura.sandbox.net.IpProtocol;
import dev.yagura.sandbox.net.PortRange;
import java.util.List;
import org.junit.jupiter.api.Test;

class EffectiveRulesTest {
    private static final EffectiveRule ALL_OUT =
            rule(Direction.OUTBOUND, IpProtocol.ALL, PortRange.ALL, "0.0.0.0/0");
    private static final EffectiveRule HTTPS_OUT =
            rule(Direction.OUTBOUND, IpProtocol.TCP, PortRange.of(443), "10.20.1.200/32");
    private static final EffectiveRule HTTPS_IN =
            rule(Direction.INBOUND, IpProtocol.TCP, PortRange.of(443), "0.0.0.0/0");

    @Test
    void aRuleCoversLessTrafficOfItsDirectionAndFamily() {
        assertThat(widening(HTTPS_OUT, ALL_OUT)).isEmpty();
        assertThat(widening(ALL_OUT, HTTPS_OUT)).containsExactly(ALL_OUT);
        assertThat(widening(HTTPS_IN, ALL_OUT)).containsExactly(HTTPS_IN);
        EffectiveRule ipv6 = rule(Direction.OUTBOUND, IpProtocol.TCP, PortRange.of(443), "::/0");
        assertThat(widening(ipv6, ALL_OUT)).containsExactly(ipv6);
    }

    @Test
    void portsAndProtocolsCount() {
        EffectiveRule high =
                rule(
                        Direction.OUTBOUND,
                        IpProtocol.TCP,
                        new PortRange(1024, 65_535),
                        "10.20.0.0/16");
        assertThat(widening(HTTPS_OUT, high)).containsExactly(HTTPS_OUT);
        EffectiveRule udp =
                rule(Direction.OUTBOUND, IpProtocol.UDP, PortRange.of(443), "10.20.1.200/32");
        assertThat(widening(udp, HTTPS_OUT)).containsExactly(udp);
        EffectiveRule everyTcp =
                rule(Direction.OUTBOUND, IpProtocol.TCP, PortRange.ALL, "0.0.0.0/0");
        assertThat(widening(ALL_OUT, everyTcp)).containsExactly(ALL_OUT);
    }

    @Test
    void aConnectionIsUntrackedOnlyIfBothDirectionsAreWideOpen() {
        EffectiveRules open = new EffectiveRules(List.of(HTTPS_IN, ALL_OUT));
        EffectiveRules closed = new EffectiveRules(List.of(HTTPS_IN, HTTPS_OUT));

        assertThat(untracked(open, Direction.INBOUND)).isTrue();
        assertThat(untracked(closed, Direction.INBOUND)).isFalse();
        assertThat(untracked(open, Direction.OUTBOUND))
                .as("answers to it need every port inbound")
                .isFalse();
    }

    private static boolean untracked(EffectiveRules rules, Direction direction) {
        return rules.leavesUntracked(
                direction, IpProtocol.TCP, 443, IpAddresses.parse("203.0.113.66"));
    }

    private static List<EffectiveRule> widening(EffectiveRule after, EffectiveRule before) {
        return new EffectiveRules(List.of(after)).notCoveredBy(new EffectiveRules(List.of(before)));
    }

    private static EffectiveRule rule(
            Direction direction, IpProtocol protocol, PortRange ports, String cidr) {
        return new EffectiveRule(
                direction, protocol, ports, Cidr.parse(cidr), cidr, "sgr-1", "sg-1");
    }
}
