package dev.yagura.sandbox.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import dev.yagura.sandbox.wire.JsonText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** HTTP calls of the control API. A refusal is an {@link IllegalStateException} in its words. */
final class ControlCalls implements AutoCloseable {
    private static final Duration DEADLINE = Duration.ofSeconds(10);

    private final URI base;
    private final String place;
    private final HttpClient http;

    ControlCalls(URI endpoint) {
        this(
                endpoint.resolve("/_sandbox/"),
                "",
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(DEADLINE)
                        .build());
    }

    private ControlCalls(URI base, String place, HttpClient http) {
        this.base = base;
        this.place = place;
        this.http = http;
    }

    /** The same calls for another account and region, over the same connections. */
    ControlCalls at(String account, String region) {
        return new ControlCalls(base, "account=%s&region=%s".formatted(account, region), http);
    }

    private URI address(String path) {
        return base.resolve(
                place.isEmpty() ? path : path + (path.contains("?") ? "&" : "?") + place);
    }

    JsonNode call(String method, String path, @Nullable Object body) {
        try {
            byte[] content = body == null ? new byte[0] : JsonText.mapper().writeValueAsBytes(body);
            HttpRequest request =
                    HttpRequest.newBuilder(address(path))
                            .timeout(DEADLINE)
                            .header("Content-Type", "application/json")
                            .method(method, HttpRequest.BodyPublishers.ofByteArray(content))
                            .build();
            HttpResponse<byte[]> response =
                    http.send(request, HttpResponse.BodyHandlers.ofByteArray());
            JsonNode answer = JsonText.mapper().readTree(response.body());
            if (response.statusCode() != 200) {
                throw new IllegalStateException(
                        "%s %s: %d %s"
                                .formatted(
                                        method,
                                        path,
                                        response.statusCode(),
                                        answer.path("error").asText()));
            }
            return answer;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the sandbox answered", e);
        }
    }

    static <T> T read(JsonNode node, Class<T> type) {
        ObjectReader reader = JsonText.mapper().readerFor(type);
        try {
            return reader.readValue(node);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static <T> List<T> list(JsonNode node, Class<T[]> type) {
        return Arrays.asList(read(node, type));
    }

    @Override
    public void close() {
        http.close();
    }
}
