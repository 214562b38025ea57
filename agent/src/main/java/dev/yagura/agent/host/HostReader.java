package dev.yagura.agent.host;

import com.google.protobuf.Timestamp;
import dev.yagura.common.text.Texts;
import dev.yagura.proto.inventory.v1.AntivirusProduct;
import dev.yagura.proto.inventory.v1.HostReport;
import dev.yagura.proto.inventory.v1.ListeningSocket;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads what the host is like. What cannot be read is said in the report, and fails nothing. */
final class HostReader {
    /** What svc-inventory takes. */
    static final int MOST_SOCKETS = 500;

    private static final int MOST_WORD = 64;
    private static final int MOST_PATH = 256;
    private static final int MOST_REASON = 500;

    /** Those that others can reach first: they must not be the ones that are left out. */
    private static final Comparator<ListeningSocket> ORDER =
            Comparator.comparing(ListeningSocket::getLoopback)
                    .thenComparing(ListeningSocket::getProtocol)
                    .thenComparing(ListeningSocket::getPort)
                    .thenComparing(ListeningSocket::getAddress)
                    .thenComparing(ListeningSocket::getExecutable)
                    .thenComparing(ListeningSocket::getProcess);

    private final Path root;
    private final AntivirusTable table = AntivirusTable.shipped();

    /**
     * @param root "/", or what stands for it in tests
     */
    HostReader(Path root) {
        this.root = root;
    }

    HostReport read() {
        Path proc = root.resolve("proc");
        HostReport.Builder report = HostReport.newBuilder();
        SocketTables.Listening listening = SocketTables.Listening.NONE;
        try {
            listening = SocketTables.read(proc);
        } catch (IOException e) {
            report.setSocketsUnread(reason(e));
        }
        Map<Long, RunningProcess> byInode = Map.of();
        try {
            ProcessTable processes =
                    ProcessTable.read(
                            proc,
                            listening.sockets().stream()
                                    .map(BoundSocket::inode)
                                    .collect(Collectors.toSet()),
                            table);
            byInode = processes.byInode();
            antivirus(processes, report);
        } catch (IOException e) {
            report.setAntivirusUnread(reason(e));
        }
        addSockets(listening, byInode, report);
        return report.build();
    }

    private void antivirus(ProcessTable processes, HostReport.Builder report) {
        processes
                .antivirus()
                .forEach((product, process) -> {
                    AntivirusProduct.Builder message =
                            report.addAntivirusBuilder().setProduct(product).setProcess(process);
                    if (product.equals(AntivirusTable.CLAMAV)) {
                        ClamDefinitions.made(root.resolve("var/lib/clamav"))
                                .ifPresent(time ->
                                        message.setDefinitionsTime(
                                                Timestamp.newBuilder()
                                                        .setSeconds(time.getEpochSecond())));
                    }
                });
    }

    /** Workers that share a port are one. */
    private static void addSockets(
            SocketTables.Listening listening,
            Map<Long, RunningProcess> byInode,
            HostReport.Builder report) {
        List<ListeningSocket> distinct =
                listening.sockets().stream()
                        .map(socket -> message(socket, byInode.get(socket.inode())))
                        .distinct()
                        .sorted(ORDER)
                        .toList();
        report.addAllSockets(distinct.stream().limit(MOST_SOCKETS).toList())
                .setSocketsLeftOut(
                        listening.leftOut() + Math.max(0, distinct.size() - MOST_SOCKETS));
    }

    private static ListeningSocket message(BoundSocket socket, @Nullable RunningProcess process) {
        ListeningSocket.Builder message =
                ListeningSocket.newBuilder()
                        .setProtocol(socket.protocol())
                        .setPort(socket.port())
                        .setAddress(socket.addressText())
                        .setLoopback(socket.address().isLoopbackAddress());
        if (process != null) {
            message.setProcess(Texts.clip(process.name(), MOST_WORD))
                    .setExecutable(Texts.clip(process.executable(), MOST_PATH));
        }
        return message.build();
    }

    private static String reason(IOException e) {
        String text =
                switch (e) {
                    case NoSuchFileException missing -> missing.getFile() + " is not there";
                    case AccessDeniedException denied ->
                            denied.getFile() + " may not be read: run the agent as root";
                    default -> String.valueOf(e.getMessage());
                };
        return Texts.clip(text, MOST_REASON);
    }
}
