package dev.yagura.inventory.posture;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** What lies between the internet and a subnet: its route table and its network ACL. */
final class SubnetBorder {
    private static final int LAST_PORT = 65_535;

    private final JsonNode routes;
    private final JsonNode acl;

    private SubnetBorder(JsonNode routes, JsonNode acl) {
        this.routes = routes;
        this.acl = acl;
    }

    /**
     * Of a subnet; empty where AWS Config lacks its route table or its ACL.
     *
     * @param routeTables of its VPC, or more
     * @param acls likewise
     */
    static Optional<SubnetBorder> of(
            String vpcId, String subnetId, List<JsonNode> routeTables, List<JsonNode> acls) {
        Optional<JsonNode> acl = acls.stream().filter(each -> isOf(each, subnetId)).findFirst();
        return routes(vpcId, subnetId, routeTables)
                .flatMap(table -> acl.map(each -> new SubnetBorder(table.path("routes"), each)));
    }

    /** Its own, or else the main one of the VPC. */
    private static Optional<JsonNode> routes(
            String vpcId, String subnetId, List<JsonNode> routeTables) {
        return routeTables.stream()
                .filter(table -> isOf(table, subnetId))
                .findFirst()
                .or(() ->
                        routeTables.stream()
                                .filter(table -> table.path("vpcId").asText().equals(vpcId))
                                .filter(table ->
                                        associations(table)
                                                .anyMatch(each -> each.path("main").asBoolean()))
                                .findFirst());
    }

    private static boolean isOf(JsonNode table, String subnetId) {
        return associations(table)
                .anyMatch(each -> each.path("subnetId").asText().equals(subnetId));
    }

    private static Stream<JsonNode> associations(JsonNode table) {
        return StreamSupport.stream(table.path("associations").spliterator(), false);
    }

    /** Whether packets from everywhere that the rule lets in come to the subnet, and back. */
    boolean admits(OpenRule rule) {
        return routesOut(rule.ipv6()) && aclAdmits(rule);
    }

    /** To an internet gateway: one that is egress-only, or a NAT, lets nobody in. */
    private boolean routesOut(boolean ipv6) {
        return StreamSupport.stream(routes.spliterator(), false)
                .filter(route -> !route.path("state").asText().equals("blackhole"))
                .filter(route -> route.path("gatewayId").asText().startsWith("igw-"))
                .anyMatch(route ->
                        route.path(ipv6 ? "destinationIpv6CidrBlock" : "destinationCidrBlock")
                                .asText()
                                .equals(ipv6 ? "::/0" : "0.0.0.0/0"));
    }

    /**
     * By number, the first that matches decides. A deny counts where it is for every address; an
     * allow of a part of the internet is a way in.
     */
    private boolean aclAdmits(OpenRule rule) {
        List<int[]> left = new ArrayList<>(List.of(new int[] {rule.from(), rule.to()}));
        for (JsonNode entry : entries(rule.ipv6())) {
            if (!concerns(entry, rule)) {
                continue;
            }
            JsonNode range = entry.path("portRange");
            int from = range.path("from").asInt(0);
            int to = range.path("to").asInt(LAST_PORT);
            boolean overlaps = left.stream().anyMatch(each -> each[0] <= to && from <= each[1]);
            if (overlaps && entry.path("ruleAction").asText().equalsIgnoreCase("allow")) {
                return true;
            }
            if (isEverywhere(entry, rule)) {
                left = without(left, from, to);
            }
        }
        return false;
    }

    private List<JsonNode> entries(boolean ipv6) {
        String block = ipv6 ? "ipv6CidrBlock" : "cidrBlock";
        return StreamSupport.stream(acl.path("entries").spliterator(), false)
                .filter(entry -> !entry.path("egress").asBoolean())
                .filter(entry -> !entry.path(block).asText("").isEmpty())
                .filter(entry -> !isPrivate(entry.path(block).asText()))
                .sorted(Comparator.comparingInt(entry -> entry.path("ruleNumber").asInt()))
                .toList();
    }

    /** RFC 1918 and RFC 4193: nobody comes from there over an internet gateway. */
    private static boolean isPrivate(String block) {
        return block.startsWith("10.")
                || block.startsWith("192.168.")
                || block.matches("172\\.(1[6-9]|2[0-9]|3[01])\\..*")
                || block.matches("(?i)f[cd][0-9a-f]{2}:.*");
    }

    private static boolean concerns(JsonNode entry, OpenRule rule) {
        String number = entry.path("protocol").asText();
        return number.equals("-1")
                || rule.protocol().equals("-1")
                || number.equals(
                        switch (rule.protocol()) {
                            case "tcp" -> "6";
                            case "udp" -> "17";
                            case "icmp" -> "1";
                            case "icmpv6" -> "58";
                            default -> rule.protocol();
                        });
    }

    /** For every address and, where the rule is for every protocol, for every protocol. */
    private static boolean isEverywhere(JsonNode entry, OpenRule rule) {
        boolean everyProtocol =
                entry.path("protocol").asText().equals("-1") || !rule.protocol().equals("-1");
        return everyProtocol
                && (entry.path("cidrBlock").asText().equals("0.0.0.0/0")
                        || entry.path("ipv6CidrBlock").asText().equals("::/0"));
    }

    private static List<int[]> without(List<int[]> ranges, int from, int to) {
        List<int[]> left = new ArrayList<>();
        for (int[] range : ranges) {
            if (range[0] < from) {
                left.add(new int[] {range[0], Math.min(range[1], from - 1)});
            }
            if (range[1] > to) {
                left.add(new int[] {Math.max(range[0], to + 1), range[1]});
            }
        }
        return left;
    }
}
