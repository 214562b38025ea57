package dev.yagura.gateway.rest;

import com.google.common.base.Supplier;
import com.google.common.base.Suppliers;
import dev.yagura.common.error.InvalidFieldException;
import dev.yagura.common.error.NotFoundException;
import dev.yagura.common.error.YaguraException;
import dev.yagura.common.grpc.StatusTable;
import dev.yagura.common.log.LogKeys;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.helidon.common.tls.Tls;
import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTPS port of the JSON API. Every call goes to the gateway's own methods and through its
 * guard; what differs from gRPC is the form of requests, answers and errors.
 */
public final class RestServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RestServer.class);
    private static final String JSON = "application/json; charset=utf-8";
    private static final Duration READ_TIMEOUT = Duration.ofSeconds(30);

    /** Of a body that is too large, so that its sender comes to read the answer. */
    private static final long MAX_READ_BYTES = 32L * 1024 * 1024;

    private static final String DOCUMENT = "/v1/openapi.json";

    private final RestConfig config;
    private final HttpTable table;
    private final LocalCalls calls;
    private final Supplier<String> document;
    private final WebServer server;

    /** Starts to listen. */
    public RestServer(RestConfig config, SSLContext tls, HttpTable table, LocalCalls calls) {
        this.config = config;
        this.table = table;
        this.calls = calls;
        this.document = Suppliers.memoize(() -> OpenApi.document(table));
        this.server =
                WebServer.builder()
                        .host(config.host())
                        .port(config.port())
                        .tls(
                                Tls.builder()
                                        .sslContext(tls)
                                        .enabledProtocols(List.of("TLSv1.3", "TLSv1.2"))
                                        .build())
                        .maxPayloadSize(MAX_READ_BYTES)
                        .maxTcpConnections(config.maxConnections())
                        .idleConnectionTimeout(Duration.ofMinutes(5))
                        .connectionConfig(connection -> connection.readTimeout(READ_TIMEOUT))
                        .shutdownHook(false)
                        .routing(routing -> routing.any(this::handle))
                        .build()
                        .start();
        LOG.atInfo()
                .addKeyValue(LogKeys.ADDRESS, config.host())
                .addKeyValue(LogKeys.PORT, server.port())
                .log("HTTPS server listens");
    }

    /** Port that the server listens on. */
    public int port() {
        return server.port();
    }

    @Override
    public void close() {
        server.stop();
    }

    private void handle(ServerRequest request, ServerResponse response) {
        response.header(HeaderNames.CACHE_CONTROL, "no-store");
        response.header(HeaderNames.create("X-Content-Type-Options"), "nosniff");
        try {
            answer(request, response);
        } catch (YaguraException e) {
            send(response, RestErrors.of(StatusTable.status(e)));
        } catch (StatusRuntimeException e) {
            send(response, RestErrors.of(e));
        } catch (StatusException e) {
            send(response, RestErrors.of(e.getStatus().asRuntimeException(e.getTrailers())));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void answer(ServerRequest request, ServerResponse response)
            throws StatusException, InterruptedException {
        Method verb = request.prologue().method();
        String path = request.path().rawPath();
        if (path.equals(DOCUMENT) && verb.equals(Method.GET)) {
            send(response, document.get());
            return;
        }
        Optional<HttpTable.Match> found = table.match(verb, path);
        if (found.isEmpty()) {
            refuse(response, verb, path);
            return;
        }
        HttpTable.Match match = found.get();
        LocalCalls.Caller caller =
                new LocalCalls.Caller(
                        (InetSocketAddress) request.remotePeer().address(),
                        request.headers().first(HeaderNames.AUTHORIZATION).orElse(""));
        // Nothing is read of who shows no proof: the guard refuses the call.
        String body = caller.authorization().isEmpty() ? "" : body(request);
        byte[] message =
                JsonMessages.request(match.rule(), match.variables(), query(request), body)
                        .toByteArray();
        if (match.rule().isStream()) {
            new JsonLines(match.rule(), calls.stream(match.rule(), caller, message)).to(response);
        } else {
            byte[] answered = calls.unary(match.rule(), caller, message);
            send(response, JsonMessages.answer(match.rule(), answered));
        }
    }

    private void refuse(ServerResponse response, Method verb, String path) {
        List<String> verbs = table.verbs(path);
        if (verbs.isEmpty()) {
            throw new NotFoundException("path", path + " (" + DOCUMENT + " has all)");
        }
        response.header(HeaderNames.ALLOW, String.join(", ", verbs));
        send(
                response,
                RestErrors.notAllowed(
                        verb.text() + " is not served here; send " + String.join(" or ", verbs)));
    }

    private static Map<String, List<String>> query(ServerRequest request) {
        Map<String, List<String>> query = new LinkedHashMap<>();
        request.query().names().forEach(name -> query.put(name, request.query().all(name)));
        return query;
    }

    private String body(ServerRequest request) {
        if (!request.content().hasEntity()) {
            return "";
        }
        try (InputStream in = request.content().inputStream()) {
            byte[] bytes = in.readNBytes(config.maxBodyBytes() + 1);
            if (bytes.length > config.maxBodyBytes()) {
                in.transferTo(OutputStream.nullOutputStream());
                throw new InvalidFieldException(
                        "body",
                        "is larger than " + config.maxBodyBytes() + " bytes",
                        "send less; yagura.gateway.rest.max-body-bytes is the limit");
            }
            return new String(bytes, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new InvalidFieldException("body", "ended early", "send it whole");
        }
    }

    private static void send(ServerResponse response, RestErrors error) {
        response.status(Status.create(error.httpCode()));
        error.retryAfter()
                .ifPresent(after -> response.header(HeaderNames.RETRY_AFTER, after.toString()));
        if (error.httpCode() == Status.UNAUTHORIZED_401.code()) {
            response.header(HeaderNames.WWW_AUTHENTICATE, "Bearer");
        }
        send(response, error.text());
    }

    private static void send(ServerResponse response, String json) {
        response.header(HeaderNames.CONTENT_TYPE, JSON);
        response.send((json + "\n").getBytes(StandardCharsets.UTF_8));
    }
}
