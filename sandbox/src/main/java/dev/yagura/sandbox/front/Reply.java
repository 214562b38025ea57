package dev.yagura.sandbox.front;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Map;

/**
 * What goes back to the client.
 *
 * @param lost whether to close the connection instead
 */
public record Reply(int status, Map<String, String> headers, byte[] body, boolean lost) {
    public Reply {
        headers = Map.copyOf(headers);
    }

    static Reply text(int status, String contentType, String requestId, String text, boolean lost) {
        return new Reply(
                status,
                Map.of("Content-Type", contentType, "x-amzn-RequestId", requestId),
                text.getBytes(UTF_8),
                lost);
    }
}
