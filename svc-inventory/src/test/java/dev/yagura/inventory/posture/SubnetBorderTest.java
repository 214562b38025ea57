package dev.yagura.inventory.posture;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SubnetBorderTest {
    private static final String MAIN =
            """
            {"vpcId": "vpc-1", "associations": [{"main": true}],
             "routes": [{"destinationCidrBlock": "10.0.0.0/16", "gatewayId": "local"},
                        {"destinationCidrBlock": "0.0.0.0/0", "natGatewayId": "nat-1"},
                        {"destinationIpv6CidrBlock": "::/0", "egressOnlyInternetGatewayId": "eigw-1"}]}
            """;
    private static final String PUBLIC =
            """
            {"vpcId": "vpc-1", "associations": [{"main": false, "subnetId": "subnet-1"}],
             "routes": [{"destinationCidrBlock": "0.0.0.0/0", "gatewayId": "igw-1"},
                        {"destinationIpv6CidrBlock": "::/0", "gatewayId": "igw-1"}]}
            """;
    private static final OpenRule SSH = new OpenRule("tcp", 22, 22, false);

    @Test
    void onlyAnInternetGatewayLetsSomebodyIn() {
        String open = acl(entry(100, "-1", "allow", "0.0.0.0/0", ""));
        assertThat(border(List.of(MAIN, PUBLIC), open).admits(SSH)).isTrue();
        assertThat(border(List.of(MAIN), open).admits(SSH))
                .as("the main table routes by NAT")
                .isFalse();
        assertThat(
                        border(
                                        List.of(
                                                PUBLIC.replace(
                                                        "\"igw-1\"",
                                                        "\"igw-1\", \"state\": \"blackhole\"")),
                                        open)
                                .admits(SSH))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        // The first that matches decides.
        "90 6 deny 0.0.0.0/0 22 22|100 -1 allow 0.0.0.0/0, 22, 22, false",
        "110 6 deny 0.0.0.0/0 22 22|100 -1 allow 0.0.0.0/0, 22, 22, true",
        // A deny of a part leaves the rest open.
        "90 6 deny 0.0.0.0/0 22 22|100 -1 allow 0.0.0.0/0, 20, 25, true",
        "90 6 deny 198.51.100.0/24 22 22|100 -1 allow 0.0.0.0/0, 22, 22, true",
        // Other protocols and ports, and addresses that are not of the internet.
        "90 17 deny 0.0.0.0/0|100 6 allow 0.0.0.0/0 22 22, 22, 22, true",
        "100 6 allow 0.0.0.0/0 443 443, 22, 22, false",
        "100 -1 allow 10.0.0.0/8, 22, 22, false",
        "100 -1 allow 172.20.0.0/16, 22, 22, false",
        "100 -1 allow 203.0.113.0/24, 22, 22, true",
        "32767 -1 deny 0.0.0.0/0, 22, 22, false",
    })
    void aclDecidesByNumber(String entries, int from, int to, boolean admitted) {
        StringBuilder list = new StringBuilder();
        for (String each : entries.split("\\|")) {
            String[] fields = each.split(" ");
            String ports =
                    fields.length > 4
                            ? ", \"portRange\": {\"from\": %s, \"to\": %s}"
                                    .formatted(fields[4], fields[5])
                            : "";
            list.append(list.isEmpty() ? "" : ", ")
                    .append(
                            entry(
                                    Integer.parseInt(fields[0]),
                                    fields[1],
                                    fields[2],
                                    fields[3],
                                    ports));
        }
        assertThat(
                        border(List.of(PUBLIC), acl(list.toString()))
                                .admits(new OpenRule("tcp", from, to, false)))
                .isEqualTo(admitted);
    }

    @Test
    void ipv6HasRoutesAndEntriesOfItsOwn() {
        OpenRule rule = new OpenRule("tcp", 22, 22, true);
        String ipv4Only = acl(entry(100, "-1", "allow", "0.0.0.0/0", ""));
        assertThat(border(List.of(PUBLIC), ipv4Only).admits(rule)).isFalse();
        String both = ipv4Only.replace("0.0.0.0/0", "::/0").replace("cidrBlock", "ipv6CidrBlock");
        assertThat(border(List.of(PUBLIC), both).admits(rule)).isTrue();
        assertThat(border(List.of(MAIN), both).admits(rule)).isFalse();
    }

    @Test
    void unknownWithoutTableOrAcl() {
        String open = acl(entry(100, "-1", "allow", "0.0.0.0/0", ""));
        assertThat(SubnetBorder.of("vpc-2", "subnet-2", List.of(json(MAIN)), List.of(json(open))))
                .isEmpty();
        assertThat(SubnetBorder.of("vpc-1", "subnet-1", List.of(json(MAIN)), List.of())).isEmpty();
    }

    private static String acl(String entries) {
        return "{\"associations\": [{\"subnetId\": \"subnet-1\"}], \"entries\": [" + entries + "]}";
    }

    private static String entry(
            int number, String protocol, String action, String block, String more) {
        return "{\"ruleNumber\": %d, \"egress\": false, \"protocol\": \"%s\", \"ruleAction\": \"%s\", \"cidrBlock\": \"%s\"%s}"
                .formatted(number, protocol, action, block, more);
    }

    private static SubnetBorder border(List<String> tables, String acl) {
        return SubnetBorder.of(
                        "vpc-1",
                        "subnet-1",
                        tables.stream().map(SubnetBorderTest::json).toList(),
                        List.of(json(acl)))
                .orElseThrow();
    }

    private static JsonNode json(String text) {
        try {
            return new ObjectMapper().readTree(text);
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }
}
