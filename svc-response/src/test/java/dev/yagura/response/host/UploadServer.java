package dev.yagura.response.host;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/** Stands for S3 where a script uploads to presigned URLs. */
final class UploadServer implements AutoCloseable {
    static final String SECRET = "X-Amz-Signature=c0ffee";

    private final HttpServer server;
    private final Queue<Upload> uploads = new ConcurrentLinkedQueue<>();
    private final Queue<Integer> statuses = new ConcurrentLinkedQueue<>();
    private volatile @Nullable Runnable beforeAnswer;

    /** What S3 got. */
    record Upload(
            String path, @Nullable String condition, @Nullable String digest, byte[] content) {}

    UploadServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::take);
        server.start();
    }

    private void take(HttpExchange exchange) throws IOException {
        try (exchange) {
            uploads.add(
                    new Upload(
                            exchange.getRequestMethod() + " " + exchange.getRequestURI(),
                            exchange.getRequestHeaders().getFirst("If-None-Match"),
                            exchange.getRequestHeaders().getFirst("Content-MD5"),
                            exchange.getRequestBody().readAllBytes()));
            Runnable interruption = beforeAnswer;
            if (interruption != null) {
                interruption.run();
            }
            Integer status = statuses.poll();
            byte[] answer =
                    ("<Error><Code>SlowDown</Code><Message>" + SECRET + "</Message></Error>")
                            .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status == null ? 200 : status, answer.length);
            exchange.getResponseBody().write(answer);
        }
    }

    /** What a script would have to sign. */
    String url(String key) {
        return "http://127.0.0.1:%d/%s?%s".formatted(server.getAddress().getPort(), key, SECRET);
    }

    /** In the order in which they came. */
    Queue<Upload> uploads() {
        return uploads;
    }

    /** Answers of the next uploads; then 200. */
    Queue<Integer> statuses() {
        return statuses;
    }

    /** When an upload has come, before it is answered; null for nothing. */
    void beforeAnswer(@Nullable Runnable interruption) {
        beforeAnswer = interruption;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
