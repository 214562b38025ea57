package dev.yagura.response.webhook;

import dev.yagura.response.outbox.Delivery;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * Makes one request for one attempt: signed, on a connection of its own, without following
 * redirects, and over when its time is over.
 */
final class WebhookSender implements AutoCloseable {
    /** Endpoints at a time times attempts at a time of each. */
    private static final int MOST_CONNECTIONS = 200;

    /** More of an answer is not read. */
    private static final int LONGEST_ANSWER = 16 * 1024;

    private final CloseableHttpClient client;
    private final Duration timeout;
    private final Clock clock;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    /**
     * What an endpoint said.
     *
     * @param status of HTTP; 0 for no answer
     * @param error empty when it took the message
     * @param body its beginning
     * @param retryAfter that it asked for
     */
    record Answer(int status, String error, String body, Optional<Duration> retryAfter) {
        static Answer none(String error) {
            return new Answer(0, error, "", Optional.empty());
        }

        boolean isSuccess() {
            return error.isEmpty();
        }
    }

    /**
     * @param trust whose certificates endpoints may have
     */
    WebhookSender(WebhookConfig config, SSLContext trust, Clock clock) {
        this.timeout = config.timeout();
        this.clock = clock;
        Timeout limit = Timeout.of(timeout);
        this.client =
                HttpClients.custom()
                        .setConnectionManager(
                                PoolingHttpClientConnectionManagerBuilder.create()
                                        .setDnsResolver(new Destinations(config.privateNetworks()))
                                        .setTlsSocketStrategy(new DefaultClientTlsStrategy(trust))
                                        .setMaxConnPerRoute(MOST_CONNECTIONS)
                                        .setMaxConnTotal(MOST_CONNECTIONS)
                                        .setDefaultConnectionConfig(
                                                ConnectionConfig.custom()
                                                        .setConnectTimeout(limit)
                                                        .setSocketTimeout(limit)
                                                        .build())
                                        .build())
                        .setDefaultRequestConfig(
                                RequestConfig.custom()
                                        .setConnectionRequestTimeout(limit)
                                        .setResponseTimeout(limit)
                                        .build())
                        // The addresses of a name are checked for each message.
                        .setConnectionReuseStrategy((request, response, context) -> false)
                        .setUserAgent("Yagura-Webhooks/1")
                        .disableRedirectHandling()
                        .disableAutomaticRetries()
                        .disableCookieManagement()
                        .disableAuthCaching()
                        .disableContentCompression()
                        .build();
    }

    /** Sends a delivery; whatever happens is in the answer. */
    Answer send(EndpointConfig endpoint, Delivery delivery) {
        HttpPost request;
        try {
            request = request(endpoint, delivery);
        } catch (UnusableSecretException e) {
            return Answer.none("not sent: " + e.getMessage());
        }
        Future<Answer> answer = threads.submit(() -> exchange(request));
        try {
            return answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return Answer.none("no answer within " + timeout);
        } catch (ExecutionException e) {
            return Answer.none(text(e.getCause()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted while it was sent");
        } finally {
            request.cancel();
            answer.cancel(true);
        }
    }

    private HttpPost request(EndpointConfig endpoint, Delivery delivery)
            throws UnusableSecretException {
        byte[] body = delivery.body().getBytes(StandardCharsets.UTF_8);
        long timestamp = clock.instant().getEpochSecond();
        String id = delivery.id().toString();
        HttpPost request = new HttpPost(endpoint.url());
        request.setHeader("webhook-id", id);
        request.setHeader("webhook-timestamp", timestamp);
        request.setHeader(
                "webhook-signature",
                WebhookSecrets.read(endpoint.secretFile()).sign(id, timestamp, body));
        request.setEntity(new ByteArrayEntity(body, ContentType.APPLICATION_JSON));
        return request;
    }

    private Answer exchange(HttpPost request) throws IOException {
        // Closed without reading the rest, which may have no end.
        try (ClassicHttpResponse response = client.executeOpen(null, request, null)) {
            int status = response.getCode();
            boolean taken = status >= 200 && status < 300;
            return new Answer(
                    status,
                    taken ? "" : "answered " + status,
                    taken ? body(response.getEntity()) : "",
                    retryAfter(response.getFirstHeader(HttpHeaders.RETRY_AFTER)));
        }
    }

    private static String body(@Nullable HttpEntity entity) throws IOException {
        if (entity == null) {
            return "";
        }
        try (InputStream content = entity.getContent()) {
            return new String(content.readNBytes(LONGEST_ANSWER), StandardCharsets.UTF_8);
        }
    }

    /** In seconds; a date is not worth a clock that may be another one. */
    private static Optional<Duration> retryAfter(@Nullable Header header) {
        return header != null && header.getValue().matches("[0-9]{1,6}")
                ? Optional.of(Duration.ofSeconds(Long.parseLong(header.getValue())))
                : Optional.empty();
    }

    private static String text(@Nullable Throwable cause) {
        return cause == null
                ? "failed"
                : cause.getClass().getSimpleName() + ": " + cause.getMessage();
    }

    @Override
    public void close() throws IOException {
        threads.shutdownNow();
        client.close();
    }
}
