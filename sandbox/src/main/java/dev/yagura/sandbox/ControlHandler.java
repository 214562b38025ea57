package dev.yagura.sandbox;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.yagura.sandbox.control.Answer;
import dev.yagura.sandbox.control.ControlApi;
import dev.yagura.sandbox.wire.JsonText;
import java.io.IOException;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** HTTP of the control API. */
final class ControlHandler implements HttpHandler {
    static final String PATH = "/_sandbox/";
    private static final Logger LOG = LoggerFactory.getLogger(ControlHandler.class);

    private final ControlApi api;

    ControlHandler(ControlApi api) {
        this.api = api;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            Answer answer = answer(exchange, body);
            byte[] bytes = JsonText.mapper().writeValueAsBytes(answer.body());
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(answer.status(), bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    private Answer answer(HttpExchange exchange, byte[] body) {
        URI uri = exchange.getRequestURI();
        try {
            String path = uri.getPath().substring(PATH.length());
            return api.answer(exchange.getRequestMethod(), path, query(uri), body);
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("control request failed in the sandbox itself");
            return new Answer(500, Map.of("error", "failed in the sandbox itself, see its log"));
        }
    }

    private static Map<String, String> query(URI uri) {
        Map<String, String> values = new HashMap<>();
        String text = uri.getQuery();
        if (text != null) {
            for (String pair : text.split("&", -1)) {
                int equals = pair.indexOf('=');
                if (equals > 0) {
                    values.put(pair.substring(0, equals), pair.substring(equals + 1));
                }
            }
        }
        return values;
    }
}
