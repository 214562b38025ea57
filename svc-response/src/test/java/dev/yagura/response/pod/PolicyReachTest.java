package dev.yagura.response.pod;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** NetworkPolicies add up: what is left of a pod's access when its labels are others. */
class PolicyReachTest {
    private static final Map<String, String> BEFORE = Map.of("app", "web", "tier", "front");
    private static final Map<String, String> AFTER = Map.of(Quarantine.LABEL, "id");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {}                                                                              | true  | true
                    {"matchLabels": {"app": "web"}}                                                 | true  | false
                    {"matchLabels": {"app": "web", "tier": "back"}}                                 | false | false
                    {"matchExpressions": [{"key": "app", "operator": "In", "values": ["web","x"]}]} | true  | false
                    {"matchExpressions": [{"key": "app", "operator": "NotIn", "values": ["web"]}]}  | false | true
                    {"matchExpressions": [{"key": "app", "operator": "Exists"}]}                    | true  | false
                    {"matchExpressions": [{"key": "app", "operator": "DoesNotExist"}]}              | false | true
                    {"matchExpressions": [{"key": "yagura.dev/quarantine", "operator": "Exists"}]}  | false | true
                    {"matchExpressions": [{"key": "app", "operator": "Later"}]}                     | true  | true
                    {"matchLabels": {"tier": "front"}, "matchExpressions": [{"key": "x", "operator": "DoesNotExist"}]} | true | false
                    """)
    void aSelectorTakesWhatTheApiServerWould(String selector, boolean before, boolean after) {
        NetworkPolicy policy = policy("p", "\"podSelector\": " + selector);

        assertThat(policy.selects(BEFORE)).isEqualTo(before);
        assertThat(policy.selects(AFTER)).isEqualTo(after);
    }

    @Test
    void namesWhatStillAllowsSomething() {
        PolicyReach reach =
                reach(
                        policy(
                                "deny",
                                "\"podSelector\": {}, \"policyTypes\": [\"Ingress\", \"Egress\"]"),
                        policy(
                                "dns",
                                """
                                "podSelector": {}, "policyTypes": ["Egress"], "egress": [
                                  {"to": [{"namespaceSelector": {},
                                           "podSelector": {"matchLabels": {"k8s-app": "kube-dns"}}}],
                                   "ports": [{"protocol": "UDP", "port": 53}]}]
                                """),
                        policy(
                                "web",
                                "\"podSelector\": {\"matchLabels\": {\"app\": \"web\"}}, \"ingress\": [{}]"));

        assertThat(reach.left(AFTER))
                .containsExactly(
                        "dns (selects every pod) allows to pods (k8s-app=kube-dns) of every"
                                + " namespace on UDP 53");
        assertThat(reach.left(BEFORE)).hasSize(2);
    }

    @Test
    void rulesOfADirectionThatIsNotNamedAllowNothing() {
        assertThat(
                        reach(
                                        policy(
                                                "in",
                                                "\"podSelector\": {}, \"policyTypes\": [\"Ingress\"],"
                                                        + " \"egress\": [{}]"))
                                .left(AFTER))
                .isEmpty();
        assertThat(reach(policy("both", "\"podSelector\": {}, \"egress\": [{}]")).left(AFTER))
                .containsExactly("both (selects every pod) allows to everywhere on every port");
    }

    @Test
    void gainsOnlyWhereADirectionWasClosed() {
        NetworkPolicy strangers =
                policy(
                        "strangers",
                        """
                        "podSelector": {"matchExpressions": [{"key": "app", "operator": "DoesNotExist"}]},
                        "policyTypes": ["Egress"], "egress": [{"to": [{"ipBlock": {"cidr": "10.0.0.0/8"}}]}]
                        """);

        assertThat(reach(strangers).gained(BEFORE, AFTER)).as("all was open before").isEmpty();
        assertThat(reach(strangers, policy("in", "\"podSelector\": {}")).gained(BEFORE, AFTER))
                .as("only ingress was closed")
                .isEmpty();
        assertThat(
                        reach(
                                        strangers,
                                        policy(
                                                "deny",
                                                "\"podSelector\": {}, \"policyTypes\": [\"Egress\"]"))
                                .gained(BEFORE, AFTER))
                .containsExactly("strangers");
    }

    private static PolicyReach reach(NetworkPolicy... policies) {
        return new PolicyReach(List.copyOf(Arrays.asList(policies)));
    }

    private static NetworkPolicy policy(String name, String spec) {
        String json = "{\"metadata\": {\"name\": \"%s\"}, \"spec\": {%s}}".formatted(name, spec);
        try {
            return new NetworkPolicy(JsonMapper.builder().build().readTree(json));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(json, e);
        }
    }
}
