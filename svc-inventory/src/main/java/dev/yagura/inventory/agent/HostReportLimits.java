package dev.yagura.inventory.agent;

import com.google.protobuf.Timestamp;
import dev.yagura.common.text.Texts;
import dev.yagura.proto.inventory.v1.AntivirusProduct;
import dev.yagura.proto.inventory.v1.HostReport;
import dev.yagura.proto.inventory.v1.ListeningSocket;
import dev.yagura.proto.inventory.v1.SocketProtocol;
import java.util.List;

/** The limits that host_report.proto names, for agents that do not keep them. */
final class HostReportLimits {
    private static final int MOST_SOCKETS = 500;
    private static final int MOST_PRODUCTS = 20;
    private static final int MOST_WORD = 64;
    private static final int MOST_PATH = 256;
    private static final int MOST_REASON = 500;
    private static final int LAST_PORT = 65_535;

    /** The year 9999: what a Timestamp can be. */
    private static final long LAST_SECOND = 253_402_300_799L;

    private HostReportLimits() {}

    /** Cut, and counted what was: a refusal would make the host look dead. */
    static HostReport bounded(HostReport sent) {
        List<ListeningSocket> sockets =
                sent.getSocketsList().stream()
                        .filter(HostReportLimits::isSocket)
                        .limit(MOST_SOCKETS)
                        .map(HostReportLimits::bounded)
                        .toList();
        long leftOut =
                Integer.toUnsignedLong(sent.getSocketsLeftOut())
                        + (sent.getSocketsCount() - sockets.size());
        return HostReport.newBuilder()
                .addAllSockets(sockets)
                .setSocketsLeftOut((int) Math.min(leftOut, Integer.MAX_VALUE))
                .setSocketsUnread(Texts.clip(sent.getSocketsUnread(), MOST_REASON))
                .addAllAntivirus(
                        sent.getAntivirusList().stream()
                                .limit(MOST_PRODUCTS)
                                .map(HostReportLimits::bounded)
                                .toList())
                .setAntivirusUnread(Texts.clip(sent.getAntivirusUnread(), MOST_REASON))
                .build();
    }

    private static boolean isSocket(ListeningSocket socket) {
        boolean known =
                socket.getProtocol() == SocketProtocol.SOCKET_PROTOCOL_TCP
                        || socket.getProtocol() == SocketProtocol.SOCKET_PROTOCOL_UDP;
        return known && socket.getPort() > 0 && socket.getPort() <= LAST_PORT;
    }

    private static ListeningSocket bounded(ListeningSocket socket) {
        return ListeningSocket.newBuilder()
                .setProtocol(socket.getProtocol())
                .setPort(socket.getPort())
                .setAddress(Texts.clip(socket.getAddress(), MOST_WORD))
                .setLoopback(socket.getLoopback())
                .setProcess(Texts.clip(socket.getProcess(), MOST_WORD))
                .setExecutable(Texts.clip(socket.getExecutable(), MOST_PATH))
                .build();
    }

    private static AntivirusProduct bounded(AntivirusProduct product) {
        AntivirusProduct.Builder bounded =
                AntivirusProduct.newBuilder()
                        .setProduct(Texts.clip(product.getProduct(), MOST_WORD))
                        .setProcess(Texts.clip(product.getProcess(), MOST_WORD));
        long seconds = product.getDefinitionsTime().getSeconds();
        if (product.hasDefinitionsTime() && seconds >= 0 && seconds <= LAST_SECOND) {
            bounded.setDefinitionsTime(Timestamp.newBuilder().setSeconds(seconds));
        }
        return bounded.build();
    }
}
