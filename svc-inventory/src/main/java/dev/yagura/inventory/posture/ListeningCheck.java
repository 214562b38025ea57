package dev.yagura.inventory.posture;

import dev.yagura.inventory.agent.ReceivedReport;
import dev.yagura.proto.inventory.v1.HostReport;
import dev.yagura.proto.inventory.v1.ListeningAllowance;
import dev.yagura.proto.inventory.v1.ListeningSocket;
import dev.yagura.proto.inventory.v1.SocketProtocol;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Nothing listens for others but what the policy allows hosts of these tags. */
final class ListeningCheck implements HostCheck {
    static final String ID = "no-unneeded-service";

    private static final int SHOWN = 20;

    @Override
    public String id() {
        return ID;
    }

    @Override
    public boolean concerns(HostFacts facts) {
        return true;
    }

    @Override
    public CheckResult of(HostFacts facts) {
        Map<String, String> tags = facts.description().getTagsMap();
        List<ListeningAllowance> baseline =
                facts.config().policy().getListeningList().stream()
                        .filter(each -> tags.entrySet().containsAll(each.getTagsMap().entrySet()))
                        .toList();
        return AgentWord.judge(facts, received -> of(received, baseline));
    }

    private static CheckResult of(ReceivedReport received, List<ListeningAllowance> baseline) {
        HostReport report = received.report();
        List<ListeningSocket> reachable =
                report.getSocketsList().stream().filter(socket -> !socket.getLoopback()).toList();
        if (baseline.isEmpty()) {
            return CheckResult.unknown(
                    "the policy has no baseline for it; what listens: " + text(reachable),
                    "write what may under \"listening\" in the policy",
                    received.time());
        }
        List<PortRange> allowed =
                baseline.stream()
                        .flatMap(each -> each.getPortsList().stream())
                        .flatMap(port -> PortRange.parse(port).stream())
                        .toList();
        List<ListeningSocket> unneeded =
                reachable.stream()
                        .filter(socket -> allowed.stream().noneMatch(range -> range.has(socket)))
                        .toList();
        if (!unneeded.isEmpty()) {
            return CheckResult.fail(
                    "not in the baseline: " + text(unneeded),
                    "stop the service, let it listen on 127.0.0.1, or allow its port in the policy",
                    received.time());
        }
        if (!report.getSocketsUnread().isEmpty() || report.getSocketsLeftOut() > 0) {
            return CheckResult.unknown(
                    report.getSocketsUnread().isEmpty()
                            ? report.getSocketsLeftOut() + " sockets more were not reported"
                            : "the agent does not know what listens: " + report.getSocketsUnread(),
                    "./yagura agents show says what the agent has reported",
                    received.time());
        }
        return CheckResult.pass("in the baseline: " + text(reachable), received.time());
    }

    private static String text(List<ListeningSocket> sockets) {
        if (sockets.isEmpty()) {
            return "nothing";
        }
        List<String> each = sockets.stream().map(ListeningCheck::text).distinct().toList();
        return each.stream().limit(SHOWN).collect(Collectors.joining(", "))
                + (each.size() > SHOWN ? " and " + (each.size() - SHOWN) + " more" : "");
    }

    /** "8080/tcp (java)". */
    private static String text(ListeningSocket socket) {
        String protocol =
                socket.getProtocol() == SocketProtocol.SOCKET_PROTOCOL_TCP ? "tcp" : "udp";
        return socket.getPort()
                + "/"
                + protocol
                + (socket.getProcess().isEmpty() ? "" : " (" + socket.getProcess() + ")");
    }
}
