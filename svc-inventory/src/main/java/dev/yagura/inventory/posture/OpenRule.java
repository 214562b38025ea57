package dev.yagura.inventory.posture;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What a security group lets in from every address.
 *
 * @param protocol "tcp", "udp", …, or "-1" for every one
 * @param from first port; 0 where the protocol has none, or every one is meant
 * @param to last port; 65535 likewise
 * @param ipv6 from ::/0; else from 0.0.0.0/0
 */
record OpenRule(String protocol, int from, int to, boolean ipv6) {
    private static final int LAST_PORT = 65_535;
    private static final String EVERY = "-1";

    /** Ports by which hosts are managed, with what listens there. */
    private static final SortedMap<Integer, String> MANAGEMENT =
            new TreeMap<>(
                    Map.ofEntries(
                            Map.entry(22, "SSH"),
                            Map.entry(23, "Telnet"),
                            Map.entry(135, "RPC"),
                            Map.entry(445, "SMB"),
                            Map.entry(2375, "Docker"),
                            Map.entry(2376, "Docker"),
                            Map.entry(3389, "RDP"),
                            Map.entry(5900, "VNC"),
                            Map.entry(5985, "WinRM"),
                            Map.entry(5986, "WinRM"),
                            Map.entry(6443, "Kubernetes"),
                            Map.entry(10250, "kubelet")));

    /** Of a group as AWS Config has it. */
    static List<OpenRule> in(JsonNode group) {
        List<OpenRule> rules = new ArrayList<>();
        for (JsonNode permission : group.path("ipPermissions")) {
            if (isAny(permission.path("ipv4Ranges"), "cidrIp", "0.0.0.0/0")) {
                rules.add(of(permission, false));
            }
            if (isAny(permission.path("ipv6Ranges"), "cidrIpv6", "::/0")) {
                rules.add(of(permission, true));
            }
        }
        return rules;
    }

    private static boolean isAny(JsonNode ranges, String field, String any) {
        for (JsonNode range : ranges) {
            if (range.path(field).asText().equals(any)) {
                return true;
            }
        }
        return false;
    }

    private static OpenRule of(JsonNode permission, boolean ipv6) {
        String protocol = permission.path("ipProtocol").asText(EVERY);
        boolean ports = protocol.equals("tcp") || protocol.equals("udp");
        return new OpenRule(
                protocol,
                ports ? permission.path("fromPort").asInt(0) : 0,
                ports ? permission.path("toPort").asInt(LAST_PORT) : LAST_PORT,
                ipv6);
    }

    boolean isTcp() {
        return protocol.equals("tcp") || protocol.equals(EVERY);
    }

    /** "22 (SSH), 3389 (RDP)"; empty when no management port is open. */
    String managementPorts() {
        return isTcp()
                ? MANAGEMENT.subMap(from, to + 1).entrySet().stream()
                        .map(port -> port.getKey() + " (" + port.getValue() + ")")
                        .collect(Collectors.joining(", "))
                : "";
    }

    /** "tcp 22", "tcp 8000-9000", "everything". */
    String ports() {
        if (protocol.equals(EVERY)) {
            return "everything";
        }
        if (from == 0 && to == LAST_PORT) {
            return protocol;
        }
        return protocol + " " + (from == to ? from : from + "-" + to);
    }

    String source() {
        return ipv6 ? "::/0" : "0.0.0.0/0";
    }
}
