package dev.yagura.response;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Struct;
import com.google.protobuf.util.JsonFormat;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** An endpoint of somebody else, on loopback: keeps what it got, and answers as it was told. */
public final class TestReceiver implements AutoCloseable {
    private static final long LIMIT_SECONDS = 30;

    private final HttpServer server;
    private final LinkedBlockingQueue<Message> messages = new LinkedBlockingQueue<>();
    private final Queue<Answer> answers = new ArrayDeque<>();
    private Answer usual = new Answer(204, "");

    /**
     * @param retryAfter header of that name; empty for none
     */
    private record Answer(int status, String body, String retryAfter) {
        Answer(int status, String body) {
            this(status, body, "");
        }
    }

    /** As it came. */
    public record Message(
            String id, String timestamp, String signature, String contentType, String body) {

        /** Its body, read as JSON. */
        public Struct json() {
            try {
                Struct.Builder json = Struct.newBuilder();
                JsonFormat.parser().merge(body, json);
                return json.build();
            } catch (InvalidProtocolBufferException e) {
                throw new AssertionError(body, e);
            }
        }

        public String type() {
            return json().getFieldsOrThrow("type").getStringValue();
        }

        public Struct data() {
            return json().getFieldsOrThrow("data").getStructValue();
        }

        public String text(String field) {
            return data().getFieldsOrThrow(field).getStringValue();
        }
    }

    private TestReceiver(HttpServer server) {
        this.server = server;
    }

    public static TestReceiver start() {
        try {
            HttpServer server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            TestReceiver receiver = new TestReceiver(server);
            server.createContext("/", receiver::receive);
            server.start();
            return receiver;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/hooks/yagura";
    }

    private void receive(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        messages.add(
                new Message(
                        header(exchange, "webhook-id"),
                        header(exchange, "webhook-timestamp"),
                        header(exchange, "webhook-signature"),
                        header(exchange, "content-type"),
                        body));
        Answer answer = next();
        byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
        if (answer.status() == 302) {
            exchange.getResponseHeaders().add("Location", url() + "/elsewhere");
        }
        if (!answer.retryAfter().isEmpty()) {
            exchange.getResponseHeaders().add("Retry-After", answer.retryAfter());
        }
        exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
        if (bytes.length > 0) {
            exchange.getResponseBody().write(bytes);
        }
        exchange.close();
    }

    private static String header(HttpExchange exchange, String name) {
        return String.valueOf(exchange.getRequestHeaders().getFirst(name));
    }

    private synchronized Answer next() {
        return answers.isEmpty() ? usual : answers.remove();
    }

    /** What it answers next, in order, before what it usually does. */
    public synchronized void answer(int... statuses) {
        for (int status : statuses) {
            answers.add(new Answer(status, ""));
        }
    }

    /** That it answers next that it has too much to do. */
    public synchronized void answerBusy(Duration comeBackAfter) {
        answers.add(new Answer(429, "", Long.toString(comeBackAfter.toSeconds())));
    }

    /** What it answers from now on. */
    public synchronized void answerAlways(int status, String body) {
        answers.clear();
        usual = new Answer(status, body);
    }

    /** The next message that it got, in the order of arrival. */
    public Message take() {
        try {
            Message message = messages.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
            assertThat(message).as("a message within %d s", LIMIT_SECONDS).isNotNull();
            return message;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** All that it got and nobody has taken; does not wait. */
    public List<Message> takeAll() {
        List<Message> all = new ArrayList<>();
        messages.drainTo(all);
        return all;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
