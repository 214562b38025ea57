package dev.yagura.sandbox;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.yagura.sandbox.front.Reply;
import dev.yagura.sandbox.identity.SignedRequest;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** HTTP of requests of AWS and of Kubernetes. */
final class AwsHandler implements HttpHandler {
    private static final Logger LOG = LoggerFactory.getLogger(AwsHandler.class);
    private static final int LARGEST_BODY = 1 << 20;

    /** Beyond it the sandbox gives up; S3 takes 5 GB. */
    private static final int LARGEST_OBJECT = 1 << 25;

    private static final int NO_CONTENT = 204;
    private static final int TOO_LARGE = 413;

    private final Function<SignedRequest, Reply> front;

    AwsHandler(Function<SignedRequest, Reply> front) {
        this.front = front;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            int largest = exchange.getRequestMethod().equals("PUT") ? LARGEST_OBJECT : LARGEST_BODY;
            byte[] body = exchange.getRequestBody().readNBytes(largest + 1);
            if (body.length > largest) {
                exchange.sendResponseHeaders(TOO_LARGE, -1);
                return;
            }
            answer(exchange, body);
        }
    }

    private void answer(HttpExchange exchange, byte[] body) throws IOException {
        try {
            Reply reply = front.apply(request(exchange, body));
            // A lost reply is a connection that closes without one.
            if (!reply.lost()) {
                send(exchange, reply);
            }
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("request failed in the sandbox itself");
            exchange.sendResponseHeaders(500, -1);
        }
    }

    private static SignedRequest request(HttpExchange exchange, byte[] body) {
        Map<String, List<String>> headers = new TreeMap<>();
        exchange.getRequestHeaders()
                .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values));
        return new SignedRequest(
                exchange.getRequestMethod(),
                exchange.getRequestURI().getRawPath(),
                Optional.ofNullable(exchange.getRequestURI().getRawQuery()).orElse(""),
                headers,
                body);
    }

    private static void send(HttpExchange exchange, Reply reply) throws IOException {
        byte[] bytes = reply.body();
        reply.headers().forEach(exchange.getResponseHeaders()::set);
        if (exchange.getRequestMethod().equals("HEAD") || reply.status() == NO_CONTENT) {
            exchange.sendResponseHeaders(reply.status(), -1);
            return;
        }
        exchange.sendResponseHeaders(reply.status(), bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
    }
}
