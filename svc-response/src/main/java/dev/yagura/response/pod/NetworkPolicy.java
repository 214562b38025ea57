package dev.yagura.response.pod;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A NetworkPolicy: what it selects, which directions it closes, and what it lets through. */
record NetworkPolicy(JsonNode json) {

    enum Direction {
        INGRESS("Ingress", "ingress", "from"),
        EGRESS("Egress", "egress", "to");

        private final String type;
        private final String rules;
        private final String peers;

        Direction(String type, String rules, String peers) {
            this.type = type;
            this.rules = rules;
            this.peers = peers;
        }
    }

    String name() {
        return json.path("metadata").path("name").asText();
    }

    boolean selects(Map<String, String> labels) {
        return selector().matches(labels);
    }

    Selector selector() {
        return new Selector(json.path("spec").path("podSelector"));
    }

    /** Without policyTypes it is of ingress, and of egress where it has rules of it. */
    boolean closes(Direction direction) {
        JsonNode types = json.path("spec").path("policyTypes");
        if (!types.isEmpty()) {
            return types.valueStream().anyMatch(each -> each.asText().equals(direction.type));
        }
        return direction == Direction.INGRESS || !rules(direction).isEmpty();
    }

    /** What it lets through, for people; empty for what denies all. */
    List<String> allowed(Direction direction) {
        return closes(direction)
                ? rules(direction).valueStream().map(rule -> allowed(direction, rule)).toList()
                : List.of();
    }

    private JsonNode rules(Direction direction) {
        return json.path("spec").path(direction.rules);
    }

    private static String allowed(Direction direction, JsonNode rule) {
        JsonNode peers = rule.path(direction.peers);
        String where =
                peers.isEmpty()
                        ? "everywhere"
                        : peers.valueStream()
                                .map(NetworkPolicy::peer)
                                .collect(Collectors.joining(" or "));
        JsonNode ports = rule.path("ports");
        String on =
                ports.isEmpty()
                        ? "on every port"
                        : "on "
                                + ports.valueStream()
                                        .map(NetworkPolicy::port)
                                        .collect(Collectors.joining(", "));
        return "%s %s %s".formatted(direction.peers, where, on);
    }

    private static String peer(JsonNode peer) {
        if (peer.has("ipBlock")) {
            String except =
                    peer.path("ipBlock")
                            .path("except")
                            .valueStream()
                            .map(JsonNode::asText)
                            .collect(Collectors.joining(", "));
            return peer.path("ipBlock").path("cidr").asText()
                    + (except.isEmpty() ? "" : " but " + except);
        }
        String pods =
                peer.has("podSelector")
                        ? "pods (" + new Selector(peer.path("podSelector")) + ")"
                        : "pods";
        Selector namespaces = new Selector(peer.path("namespaceSelector"));
        return peer.has("namespaceSelector")
                ? pods
                        + " of "
                        + (namespaces.isEverything()
                                ? "every namespace"
                                : "namespaces (" + namespaces + ")")
                : pods;
    }

    private static String port(JsonNode port) {
        return Stream.of(
                        port.path("protocol").asText("TCP"),
                        port.path("port").asText("all"),
                        port.has("endPort") ? "to " + port.path("endPort").asText() : "")
                .filter(each -> !each.isEmpty())
                .collect(Collectors.joining(" "));
    }
}
