package dev.yagura.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.yagura.proto.inventory.v1.EnrollAgentRequest;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which instance the agent is, by a metadata service that insists on version 2. */
class InstanceIdentityTest {
    private static final String ENDPOINT = "aws.ec2MetadataServiceEndpoint";
    private static final String INSTANCE = "i-0123456789abcdef0";
    private static final String SESSION = "session";
    private static final byte[] SIGNED = "signed by AWS".getBytes(StandardCharsets.UTF_8);

    @TempDir Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private FakeGateway gateway;
    private HttpServer metadata;
    private volatile String instance = INSTANCE;
    private volatile int busy;

    @BeforeEach
    void start() throws Exception {
        gateway = new FakeGateway(folder);
        Files.writeString(folder.resolve("token"), FakeGateway.TOKEN);
        metadata = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        metadata.createContext("/", this::answer);
        metadata.start();
        System.setProperty(
                ENDPOINT, "http://localhost:%d".formatted(metadata.getAddress().getPort()));
    }

    @AfterEach
    void stop() {
        System.clearProperty(ENDPOINT);
        metadata.stop(0);
        gateway.close();
    }

    @Test
    void sendsWhatAwsSignedAboutTheInstance() {
        busy = 2;
        assertThat(enroll(folder.resolve("state"))).isZero();
        assertThat(gateway.enrolled)
                .singleElement()
                .satisfies(request -> {
                    assertThat(request.getDevice().getInstanceId()).isEqualTo(INSTANCE);
                    assertThat(request.getInstanceIdentity().toByteArray()).isEqualTo(SIGNED);
                });
        assertThat(out.toString()).contains("enrolled: agent agent-1", "instance proven");

        int before = asked.size();
        assertThat(enroll(folder.resolve("state"))).isZero();
        assertThat(out.toString()).contains("already enrolled");
        assertThat(asked.subList(before, asked.size()))
                .as("no document where there is nothing to enrol")
                .noneMatch(path -> path.contains("rsa2048"));
    }

    @Test
    void enrolsWithoutProofWhereNoMetadataAnswers() {
        System.setProperty(ENDPOINT, "http://localhost:1");
        assertThat(enroll(folder.resolve("state"), "--instance-id", INSTANCE)).isZero();
        assertThat(gateway.enrolled)
                .singleElement()
                .satisfies(request -> assertThat(request.getInstanceIdentity().isEmpty()).isTrue());
        assertThat(out.toString()).doesNotContain("proven");
    }

    @Test
    void tenCopiesOfADiskEnrolAsTenAgents() throws IOException {
        Path original = folder.resolve("original");
        assertThat(enroll(original)).isZero();
        Files.createDirectories(original.resolve("spool"));
        Files.writeString(original.resolve("spool").resolve("1.segment"), "not sent yet");
        Files.writeString(original.resolve("positions.json"), "{}");
        Set<String> requests = new HashSet<>();
        for (int i = 0; i < 10; i++) {
            Path copy = folder.resolve("copy-" + i);
            copy(original, copy);
            instance = "i-%08x".formatted(i);
            if (i == 0) {
                assertThat(run("run", "--state", copy.toString(), "--source", "auditd:/none"))
                        .isEqualTo(5);
                assertThat(err.toString())
                        .contains(instance, "copied from " + INSTANCE, "enroll")
                        .hasLineCount(1);
            }
            assertThat(enroll(copy)).isZero();
            EnrollAgentRequest request = gateway.enrolled.getLast();
            assertThat(request.getDevice().getInstanceId()).isEqualTo(instance);
            requests.add(key(copy));
            assertThat(copy.resolve("spool")).doesNotExist();
            assertThat(copy.resolve("positions.json")).exists();
        }
        assertThat(requests).hasSize(10).doesNotContain(key(original));
        assertThat(gateway.enrolled).hasSize(11);
    }

    private static String key(Path state) throws IOException {
        return Files.readString(state.resolve("agent.pub"));
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path each : all.toList()) {
                Files.copy(each, to.resolve(from.relativize(each)));
            }
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        asked.add(path);
        if (busy > 0) {
            busy--;
            reply(exchange, 503, "");
        } else if (path.equals("/latest/api/token")) {
            boolean good =
                    exchange.getRequestMethod().equals("PUT")
                            && exchange.getRequestHeaders()
                                    .containsKey("X-aws-ec2-metadata-token-ttl-seconds");
            reply(exchange, good ? 200 : 400, SESSION);
        } else if (!SESSION.equals(
                exchange.getRequestHeaders().getFirst("X-aws-ec2-metadata-token"))) {
            reply(exchange, 401, "");
        } else {
            switch (path) {
                case "/latest/meta-data/instance-id" -> reply(exchange, 200, instance);
                case "/latest/dynamic/instance-identity/rsa2048" ->
                        reply(exchange, 200, Base64.getMimeEncoder().encodeToString(SIGNED));
                default -> reply(exchange, 404, "");
            }
        }
    }

    private static void reply(HttpExchange exchange, int status, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.US_ASCII);
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        if (body.length > 0) {
            exchange.getResponseBody().write(body);
        }
        exchange.close();
    }

    private int enroll(Path state, String... more) {
        List<String> arguments =
                Stream.concat(
                                Stream.of(
                                        "enroll",
                                        "--gateway",
                                        gateway.address(),
                                        "--ca",
                                        gateway.authority().toString(),
                                        "--token-file",
                                        folder.resolve("token").toString(),
                                        "--state",
                                        state.toString(),
                                        "--hostname",
                                        "web-1"),
                                Stream.of(more))
                        .toList();
        return run(arguments.toArray(String[]::new));
    }

    private int run(String... arguments) {
        return AgentCommand.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }
}
