package dev.yagura.gateway.rest;

import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The answers of a stream, a line each: {"result": …}. One that fails later than at its beginning
 * ends with a line {"error": …}. An empty line says, while nothing happens, that the stream is
 * there, and finds out whether the client still is.
 */
final class JsonLines {
    private static final Duration BEGINNING = Duration.ofSeconds(1);
    private static final Duration SIGN_OF_LIFE = Duration.ofSeconds(15);

    private final HttpRule rule;
    private final BlockingClientCall<byte[], byte[]> call;

    JsonLines(HttpRule rule, BlockingClientCall<byte[], byte[]> call) {
        this.rule = rule;
        this.call = call;
    }

    /**
     * Sends until the stream is over or the client is gone.
     *
     * @throws StatusException it failed at its beginning; nothing was sent
     */
    void to(ServerResponse response) throws StatusException, InterruptedException {
        try {
            Next first = next(BEGINNING);
            response.header(HeaderNames.CONTENT_TYPE, "application/x-ndjson; charset=utf-8");
            try (OutputStream out = response.outputStream()) {
                send(first, out);
            }
        } catch (IOException | UncheckedIOException e) {
            // The client is gone, which is how most watches end.
            return;
        } finally {
            call.cancel("the client is gone, or the stream is over", null);
        }
    }

    private void send(Next first, OutputStream out) throws IOException, InterruptedException {
        try {
            for (Next next = first; !next.isEnd(); next = next(SIGN_OF_LIFE)) {
                write(out, next.message() == null ? "" : result(next.message()));
            }
        } catch (StatusException e) {
            write(out, RestErrors.of(e.getStatus().asRuntimeException(e.getTrailers())).text());
        }
    }

    /** A message, the end, or neither of them yet. */
    private record Next(byte @Nullable [] message, boolean isEnd) {}

    private Next next(Duration wait) throws StatusException, InterruptedException {
        try {
            byte[] message = call.read(wait.toMillis(), TimeUnit.MILLISECONDS);
            return new Next(message, message == null);
        } catch (TimeoutException e) {
            return new Next(null, false);
        }
    }

    private String result(byte[] message) {
        return "{\"result\":" + JsonMessages.answer(rule, message) + "}";
    }

    private static void write(OutputStream out, String line) throws IOException {
        out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
    }
}
