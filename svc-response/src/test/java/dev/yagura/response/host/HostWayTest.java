package dev.yagura.response.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.response.aws.AddressBlock;
import dev.yagura.response.channel.AgentChannel;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which way is chosen, and where an agent's connection leads as far as a cut may rely on it. */
class HostWayTest {
    private static final HostDocument DOCUMENT = HostDocument.KILL_PROCESS;
    private static final AgentChannel GOOD =
            channel(true, DOCUMENT.sha256(), Duration.ofSeconds(3), 0);

    @Test
    void aLiveAgentThatCanIsTheWay() {
        assertThat(choose(GOOD)).isEqualTo(new HostWay.ByAgent(GOOD));
    }

    @Test
    void everythingElseIsSystemsManagerAndSaysWhy() {
        assertThat(why()).isEqualTo("no agent of this host has its command channel open");
        assertThat(why(channel(true, DOCUMENT.sha256(), Duration.ofSeconds(40), 0)))
                .contains("was heard last 40 s ago");
        assertThat(why(GOOD, channel(true, DOCUMENT.sha256(), Duration.ZERO, 0)))
                .contains("several agents", GOOD.agent());
        assertThat(why(channel(false, DOCUMENT.sha256(), Duration.ZERO, 0)))
                .contains("does not run as root");
        assertThat(why(channel(true, "0".repeat(64), Duration.ZERO, 0)))
                .contains("(version 1.2.3) carries another Yagura-KillProcess: update it");
        assertThat(why(channel(true, DOCUMENT.sha256(), Duration.ZERO, 8)))
                .contains("8 commands wait");
        assertThat(HostWay.choose(List.of(GOOD), List.of(DOCUMENT), each -> Optional.of("not so")))
                .isEqualTo(new HostWay.BySsm("not so"));
    }

    @Test
    void anAgentWithoutTheDocumentOfTheUndoIsNotTheWay() {
        assertThat(
                        HostWay.choose(
                                List.of(GOOD),
                                List.of(DOCUMENT, HostDocument.RESTORE_FILE),
                                each -> Optional.empty()))
                .isInstanceOfSatisfying(
                        HostWay.BySsm.class,
                        way -> assertThat(way.why()).contains("carries no Yagura-RestoreFile"));
    }

    @ParameterizedTest
    @CsvSource({
        "10.20.1.40:8443, 10.20.1.40/32",
        "203.0.113.9:443, 203.0.113.9/32",
        "[2001:db8::40]:8443, 2001:db8:0:0:0:0:0:40/128"
    })
    void anAddressOfTheGatewayIsTakenWhereNobodySaidAnother(String said, String block) {
        assertThat(GatewayWay.of(connected(said), List.of()))
                .isInstanceOfSatisfying(
                        GatewayWay.Known.class,
                        known -> assertThat(known.way().addresses()).hasToString(block));
    }

    @ParameterizedTest
    @CsvSource({
        "'', does not say",
        "gateway.example:8443, is no address",
        "127.0.0.1:8443, where it goes on from there",
        "169.254.1.1:8443, where it goes on from there",
        "10.20.1.40:0, where it goes on from there"
    })
    void whatLeadsNobodyKnowsWhereIsNot(String said, String why) {
        assertThat(GatewayWay.of(connected(said), List.of()))
                .isInstanceOfSatisfying(
                        GatewayWay.Unknown.class,
                        unknown -> assertThat(unknown.why()).contains(why));
    }

    @Test
    void theOperatorsWordCountsMoreThanTheAgents() {
        List<HostNetwork.Way> configured =
                List.of(HostNetwork.gateway(AddressBlock.parse("10.20.1.0/24"), 8443));

        assertThat(GatewayWay.of(connected("10.20.1.40:8443"), configured))
                .isInstanceOf(GatewayWay.Known.class);
        assertThat(GatewayWay.of(connected("203.0.113.9:8443"), configured))
                .isInstanceOf(GatewayWay.Unknown.class);
        assertThat(GatewayWay.of(connected("10.20.1.40:443"), configured))
                .isInstanceOf(GatewayWay.Unknown.class);
    }

    private static HostWay choose(AgentChannel... channels) {
        return HostWay.choose(List.of(channels), List.of(DOCUMENT), each -> Optional.empty());
    }

    private static String why(AgentChannel... channels) {
        return choose(channels) instanceof HostWay.BySsm way ? way.why() : "by agent";
    }

    private static AgentChannel connected(String gateway) {
        return new AgentChannel(
                UUID.randomUUID(), "1.2.3", true, gateway, Map.of(), Duration.ZERO, 0);
    }

    private static AgentChannel channel(boolean root, String sha256, Duration heard, int waiting) {
        return new AgentChannel(
                UUID.randomUUID(),
                "1.2.3",
                root,
                "10.20.1.40:8443",
                Map.of(DOCUMENT.title(), sha256),
                heard,
                waiting);
    }
}
