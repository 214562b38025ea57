package dev.yagura.agent.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.proto.inventory.v1.AntivirusProduct;
import dev.yagura.proto.inventory.v1.HostReport;
import dev.yagura.proto.inventory.v1.ListeningSocket;
import dev.yagura.proto.inventory.v1.SocketProtocol;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a folder that looks like a little-endian host, and on this one. */
class HostReaderTest {
    private static final String COLUMNS =
            "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid"
                    + "  timeout inode\n";

    @TempDir Path root;

    @Test
    void socketsThatListenHaveTheirProcesses() throws Exception {
        table(
                "tcp",
                row("00000000:0016", "0A", 1111),
                row("0100007F:1538", "0A", 1112),
                row("0A0A140A:0016", "01", 1113));
        table("tcp6", row("00000000000000000000000000000000:0050", "0A", 1114));
        table(
                "udp",
                row("00000000:0044", "07", 1115),
                row("00000000:0044", "07", 1116),
                row("00000000:C350", "07", 1117),
                row("0A0A140A:0044", "01", 1118));
        process(1, "systemd", null);
        process(612, "sshd", "/usr/sbin/sshd", 1111);
        process(700, "nginx", "/usr/sbin/nginx (deleted)", 1114);
        process(701, "nginx", "/usr/sbin/nginx (deleted)", 1114);
        process(702, "", "/tmp/x", 1112);
        Files.write(root.resolve("proc/702/comm"), new byte[] {'x', (byte) 0xff, '\n'});

        HostReport report = new HostReader(root).read();

        assertThat(report.getSocketsUnread()).isEmpty();
        assertThat(report.getSocketsList())
                .extracting(HostReaderTest::text)
                .as("no connection, no client's port, and workers once")
                .containsExactly(
                        "TCP 22 0.0.0.0 sshd /usr/sbin/sshd",
                        "TCP 80 :: nginx /usr/sbin/nginx",
                        "UDP 68 0.0.0.0  ",
                        "TCP 5432 127.0.0.1 x\ufffd /tmp/x");
        assertThat(report.getSocketsList())
                .filteredOn(ListeningSocket::getLoopback)
                .extracting(ListeningSocket::getPort)
                .containsExactly(5432);
    }

    @Test
    void antivirusIsKnownByItsProcessesAndClamAvByItsDefinitionsToo() throws Exception {
        table("tcp");
        table("udp");
        process(1, "systemd", null);
        process(20, "freshclam", "/usr/bin/freshclam");
        assertThat(new HostReader(root).read().getAntivirusList()).isEmpty();

        process(21, "clamd", "/usr/sbin/clamd");
        // The kernel keeps 15 bytes of a name.
        process(22, "elastic-endpoin", null);
        assertThat(new HostReader(root).read().getAntivirusList())
                .extracting(AntivirusProduct::getProduct)
                .containsExactly("ClamAV", "Elastic Defend");

        Path folder = Files.createDirectories(root.resolve("var/lib/clamav"));
        String header =
                "ClamAV-VDB:24 Nov 2026 08-26 +0000:27500:2000000:90:abc:def:raynman:1795508760";
        Files.write(
                folder.resolve("daily.cld"),
                (header + " ".repeat(512 - header.length()) + "data")
                        .getBytes(StandardCharsets.ISO_8859_1));
        assertThat(new HostReader(root).read().getAntivirus(0).getDefinitionsTime().getSeconds())
                .isEqualTo(1_795_508_760);
    }

    @Test
    void whatCannotBeReadIsSaid() throws Exception {
        HostReport nothing = new HostReader(root).read();
        assertThat(nothing.getSocketsUnread()).endsWith("/proc/net/tcp is not there");
        assertThat(nothing.getAntivirusUnread()).endsWith("/proc is not there");

        table("tcp", row("strange", "0A", 1));
        table("udp");
        process(70, "java", null);
        HostReport strange = new HostReader(root).read();
        assertThat(strange.getSocketsUnread()).contains("a line that is not understood");
        assertThat(strange.getAntivirusUnread()).contains("hidepid");
    }

    @Test
    void beyondTheLimitThoseAreLeftOutThatNobodyElseReaches() throws Exception {
        String[] rows = new String[HostReader.MOST_SOCKETS + 3];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = row((i < 5 ? "0100007F" : "00000000") + ":%04X".formatted(i + 1), "0A", i);
        }
        table("tcp", rows);
        table("udp");
        process(1, "systemd", null);
        HostReport report = new HostReader(root).read();
        assertThat(report.getSocketsCount()).isEqualTo(HostReader.MOST_SOCKETS);
        assertThat(report.getSocketsLeftOut()).isEqualTo(3);
        assertThat(report.getSocketsList()).filteredOn(ListeningSocket::getLoopback).hasSize(2);
    }

    @Test
    void longTablesAreCounted() throws Exception {
        String[] rows = new String[SocketTables.MOST_KEPT + 7];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = row((i == 0 ? "0A0A140A" : "0100007F") + ":%04X".formatted(i + 1), "0A", i);
        }
        table("tcp", rows);
        table("udp");
        SocketTables.Listening listening = SocketTables.read(root.resolve("proc"));
        assertThat(listening.sockets()).hasSize(SocketTables.MOST_KEPT);
        assertThat(listening.leftOut()).isEqualTo(7);
        assertThat(listening.sockets().getFirst().port()).as("others reach it").isEqualTo(1);
        process(1, "systemd", null);
        assertThat(new HostReader(root).read().getSocketsLeftOut())
                .isEqualTo(rows.length - HostReader.MOST_SOCKETS);
    }

    @Test
    void thisHostSaysWhatThisProcessListensOn() throws Exception {
        try (ServerSocket everywhere = new ServerSocket(0);
                ServerSocket loopback = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            HostReport report = new HostReader(Path.of("/")).read();
            assertThat(of(report, everywhere).getLoopback()).isFalse();
            assertThat(of(report, everywhere).getExecutable()).endsWith("/java");
            assertThat(of(report, loopback).getLoopback()).isTrue();
            assertThat(report.getSocketsUnread()).isEmpty();
        }
    }

    private static ListeningSocket of(HostReport report, ServerSocket socket) {
        return report.getSocketsList().stream()
                .filter(each -> each.getPort() == socket.getLocalPort())
                .filter(each -> each.getProtocol() == SocketProtocol.SOCKET_PROTOCOL_TCP)
                .findFirst()
                .orElseThrow();
    }

    private static String text(ListeningSocket socket) {
        return "%s %d %s %s %s"
                .formatted(
                        socket.getProtocol().name().substring("SOCKET_PROTOCOL_".length()),
                        socket.getPort(),
                        socket.getAddress(),
                        socket.getProcess(),
                        socket.getExecutable());
    }

    private void table(String name, String... rows) throws IOException {
        Path folder = Files.createDirectories(root.resolve("proc/net"));
        Files.writeString(folder.resolve(name), COLUMNS + String.join("", rows));
    }

    private static String row(String local, String state, int inode) {
        return "   0: %s 00000000:0000 %s 00000000:00000000 00:00000000 00000000  1000 0 %d 1 0 100\n"
                .formatted(local, state, inode);
    }

    private void process(int id, String name, @Nullable String executable, int... inodes)
            throws IOException {
        Path folder = Files.createDirectories(root.resolve("proc/" + id + "/fd"));
        Files.writeString(folder.resolveSibling("comm"), name + "\n");
        if (executable != null) {
            Files.createSymbolicLink(folder.resolveSibling("exe"), Path.of(executable));
        }
        Files.createSymbolicLink(folder.resolve("0"), Path.of("/dev/null"));
        for (int i = 0; i < inodes.length; i++) {
            Files.createSymbolicLink(
                    folder.resolve(List.of("3", "4", "5").get(i)),
                    Path.of("socket:[" + inodes[i] + "]"));
        }
    }
}
