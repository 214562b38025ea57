package dev.yagura.testkit;

import dev.yagura.testkit.process.MotoServer;
import dev.yagura.testkit.process.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * An AWS API by moto 5.2, one server of this JVM, emptied before each test class.
 *
 * <pre>{@code
 * @RegisterExtension
 * static final MotoFixture AWS = new MotoFixture();
 * }</pre>
 *
 * <p>Found in this order: the address in the system property {@code yagura.test.moto.url} or the
 * environment variable {@code YAGURA_TEST_MOTO_URL}; {@code moto_server} on the PATH; a Python
 * environment made once with pip. Without any, tests fail and say what to install.
 */
public final class MotoFixture implements BeforeAllCallback {
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private @Nullable Endpoint server;

    private record Endpoint(URI address, AutoCloseable stop) implements AutoCloseable {

        static Endpoint find() {
            Optional<String> given = GivenAddress.of("yagura.test.moto.url");
            if (given.isPresent()) {
                return new Endpoint(URI.create(given.get()), () -> {});
            }
            try {
                TemporaryFolder folder = TemporaryFolder.create("yagura-moto");
                MotoServer moto = MotoServer.start(folder.path(), Ports.free());
                return new Endpoint(
                        moto.address(),
                        () -> {
                            moto.close();
                            folder.close();
                        });
            } catch (IOException e) {
                throw new UncheckedIOException(e.getMessage(), e);
            }
        }

        @Override
        public void close() throws Exception {
            stop.close();
        }
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        server =
                SharedServers.of(context)
                        .computeIfAbsent(Endpoint.class, key -> Endpoint.find(), Endpoint.class);
        reset();
    }

    /** For {@code endpointOverride} of every AWS client; credentials may be anything. */
    public URI endpoint() {
        if (server == null) {
            throw new IllegalStateException("register the fixture with @RegisterExtension static");
        }
        return server.address();
    }

    /** Forgets every resource. */
    public void reset() {
        HttpRequest request =
                HttpRequest.newBuilder(endpoint().resolve("/moto-api/reset"))
                        .timeout(LIMIT)
                        .POST(HttpRequest.BodyPublishers.noBody())
                        .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            int status = client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
            if (status != 200) {
                throw new IllegalStateException("moto answered a reset with " + status);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("moto does not answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while resetting moto", e);
        }
    }
}
