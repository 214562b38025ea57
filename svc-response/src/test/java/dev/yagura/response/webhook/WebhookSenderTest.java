package dev.yagura.response.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.yagura.common.tls.TlsFiles;
import dev.yagura.response.TestReceiver;
import dev.yagura.response.WebhookFiles;
import dev.yagura.response.outbox.Delivery;
import dev.yagura.response.outbox.DeliveryState;
import dev.yagura.testkit.TestCertificates;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One request: what is refused on the way, and what an endpoint may do. */
class WebhookSenderTest {
    private static final Path SECRETS =
            WebhookFiles.secrets(WebhookFiles.NEXT_SECRET, WebhookFiles.SECRET);

    @TempDir Path folder;

    @Test
    void bothSecretsSignWhatIsSent() throws Exception {
        try (TestReceiver receiver = TestReceiver.start();
                WebhookSender sender = sender(Duration.ofSeconds(10), SSLContext.getDefault())) {
            assertThat(send(sender, receiver.url()).isSuccess()).isTrue();

            TestReceiver.Message message = receiver.take();
            assertThat(message.contentType()).startsWith("application/json");
            assertThat(message.body()).isEqualTo(delivery().body());
            assertThat(message.signature())
                    .isEqualTo(
                            WebhookFiles.expected(message, WebhookFiles.NEXT_SECRET)
                                    + " "
                                    + WebhookFiles.expected(message, WebhookFiles.SECRET));
        }
    }

    @Test
    void aRedirectIsAFailureAndNotFollowed() throws Exception {
        try (TestReceiver receiver = TestReceiver.start();
                WebhookSender sender = sender(Duration.ofSeconds(10), SSLContext.getDefault())) {
            receiver.answer(302);

            assertThat(send(sender, receiver.url()).error()).isEqualTo("answered 302");
            assertThat(receiver.takeAll()).hasSize(1);
        }
    }

    @Test
    void silenceEndsWithTheTimeout() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                WebhookSender sender = sender(Duration.ofMillis(200), SSLContext.getDefault())) {
            assertThat(send(sender, "http://127.0.0.1:" + silent.getLocalPort()).error())
                    .isNotEmpty();
        }
    }

    /** Each byte comes in time, the end never. */
    @Test
    void anAnswerWithoutAnEndEndsToo() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                WebhookSender sender = sender(Duration.ofMillis(500), SSLContext.getDefault())) {
            Thread endless = Thread.ofVirtual().start(() -> answerForEver(server));

            WebhookSender.Answer answer = send(sender, "http://127.0.0.1:" + server.getLocalPort());

            assertThat(answer.isSuccess() ? answer.body().length() : 0)
                    .isLessThanOrEqualTo(16 * 1024);
            endless.interrupt();
        }
    }

    @Test
    void anAddressThatIsNotAllowedIsNotConnectedTo() throws Exception {
        try (WebhookSender sender = sender(Duration.ofSeconds(10), SSLContext.getDefault())) {
            assertThat(send(sender, "https://169.254.169.254/latest").error())
                    .contains("which no webhook may be sent to");
        }
    }

    @Test
    void aCertificateMustBeTrustedAndOfTheHost() throws Exception {
        TestCertificates certificates = new TestCertificates(folder, Clock.systemUTC());
        HttpsServer server = https(certificates.service("response"));
        String port = ":" + server.getAddress().getPort() + "/";
        try (WebhookSender trusting =
                        sender(Duration.ofSeconds(10), trust(certificates.authorityFile()));
                WebhookSender other = sender(Duration.ofSeconds(10), SSLContext.getDefault())) {
            assertThat(send(trusting, "https://localhost" + port).isSuccess()).isTrue();
            assertThat(send(trusting, "https://127.8.8.8" + port).error()).contains("SSL");
            assertThat(send(other, "https://localhost" + port).error()).contains("SSL");
        } finally {
            server.stop(0);
        }
    }

    private static void answerForEver(ServerSocket server) {
        try (Socket socket = server.accept()) {
            socket.getInputStream().read();
            byte[] head =
                    "HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII);
            socket.getOutputStream().write(head);
            while (!Thread.currentThread().isInterrupted()) {
                socket.getOutputStream().write(new byte[1024]);
            }
        } catch (IOException e) {
            // The sender has gone.
            Thread.currentThread().interrupt();
        }
    }

    private static WebhookSender sender(Duration timeout, SSLContext trust) {
        WebhookConfig config =
                new WebhookConfig(
                        List.of(),
                        List.of(),
                        timeout,
                        List.of(),
                        Duration.ofSeconds(1),
                        Duration.ofDays(1),
                        Duration.ofDays(1));
        return new WebhookSender(config, trust, Clock.systemUTC());
    }

    private static WebhookSender.Answer send(WebhookSender sender, String url) {
        return sender.send(
                new EndpointConfig("soar", URI.create(url), SECRETS, List.of()), delivery());
    }

    private static Delivery delivery() {
        return new Delivery(
                new UUID(7, 7),
                "soar",
                "action.state_changed",
                "actions/a",
                "111122223333",
                "{\"type\":\"action.state_changed\",\"data\":{\"title\":\"東京\"}}",
                DeliveryState.PENDING,
                1,
                Instant.EPOCH,
                0,
                "",
                "",
                Instant.EPOCH,
                Optional.empty());
    }

    private static HttpsServer https(TlsFiles files) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry(
                "key",
                key(files.key()),
                new char[0],
                certificates(files.certificate()).toArray(Certificate[]::new));
        KeyManagerFactory keys =
                KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, new char[0]);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        HttpsServer server =
                HttpsServer.create(new InetSocketAddress(InetAddress.getByName("0.0.0.0"), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context));
        server.createContext(
                "/",
                exchange -> {
                    exchange.sendResponseHeaders(200, -1);
                    exchange.close();
                });
        server.start();
        return server;
    }

    private static PrivateKey key(Path file) throws Exception {
        String text = Files.readString(file).replaceAll("-----[^-]+-----|\\s", "");
        return KeyFactory.getInstance("EC")
                .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(text)));
    }

    private static List<? extends Certificate> certificates(Path file) throws Exception {
        try (var in = Files.newInputStream(file)) {
            return List.copyOf(CertificateFactory.getInstance("X.509").generateCertificates(in));
        }
    }

    private static SSLContext trust(Path authority) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry("ca", certificates(authority).getFirst());
        TrustManagerFactory trust =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }
}
