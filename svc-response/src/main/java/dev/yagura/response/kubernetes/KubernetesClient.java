package dev.yagura.response.kubernetes;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * One cluster's API, over TLS by the cluster's own authority and no other. Reads are tried again
 * with jitter; a change is sent again only where it was turned away for its rate, since whoever
 * changes reads the world first.
 *
 * <p>Throws {@link KubernetesException} for a refusal, and {@link
 * software.amazon.awssdk.core.exception.SdkClientException} where there is no answer.
 */
public final class KubernetesClient implements AutoCloseable {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final int ATTEMPTS = 3;
    private static final int PAGE = 500;
    private static final int NOT_FOUND = 404;
    private static final int TOO_MANY = 429;
    private static final long LARGEST_ANSWER = 32L << 20;
    private static final String JSON = "application/json";

    private final String cluster;
    private final URI endpoint;
    private final Supplier<String> token;
    private final Limits limits;
    private final HttpClient http;

    /**
     * How long a call may take.
     *
     * @param attempt of one attempt, of three at most
     * @param pause before a read is tried again; doubled each time
     */
    public record Limits(Duration attempt, Duration pause) {}

    /** A request: RBAC's verb and resource, and what is sent. */
    private record Question(
            String asked, String method, String path, String contentType, byte[] body) {
        boolean isRead() {
            return method.equals("GET");
        }
    }

    private KubernetesClient(
            String cluster,
            URI endpoint,
            Supplier<String> token,
            Limits limits,
            SSLContext authority) {
        this.cluster = cluster;
        this.endpoint = endpoint;
        this.token = token;
        this.limits = limits;
        this.http =
                HttpClient.newBuilder()
                        .sslContext(authority)
                        .connectTimeout(limits.attempt())
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .build();
    }

    /** Of a cluster; the caller closes it. */
    public static KubernetesClient open(
            ClusterReader.LiveCluster cluster, ClusterToken token, Limits limits) {
        return new KubernetesClient(
                cluster.name(),
                cluster.endpoint(),
                () -> token.of(cluster.name()),
                limits,
                trusting(cluster.authority()));
    }

    private static SSLContext trusting(String authority) {
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            var certificates =
                    CertificateFactory.getInstance("X.509")
                            .generateCertificates(
                                    new ByteArrayInputStream(
                                            Base64.getDecoder().decode(authority)));
            int position = 0;
            for (var each : certificates) {
                store.setCertificateEntry("authority-" + position++, each);
            }
            TrustManagerFactory trust =
                    TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException | IllegalArgumentException e) {
            throw new UnreachableException("EKS tells no authority of the cluster's API", e);
        }
    }

    /** Name of the cluster. */
    public String cluster() {
        return cluster;
    }

    /** Empty when it is not there. */
    public Optional<JsonNode> find(Resource resource, String namespace, String name) {
        try {
            return Optional.of(
                    send(question("get", resource, "GET", resource.path(namespace, name), ""))
                            .object());
        } catch (KubernetesException e) {
            if (e.statusCode() == NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /**
     * All of a namespace, page by page.
     *
     * @param labelSelector empty for all
     */
    public List<JsonNode> list(Resource resource, String namespace, String labelSelector) {
        List<JsonNode> items = new ArrayList<>();
        String next = "";
        do {
            String query =
                    "?limit="
                            + PAGE
                            + parameter("labelSelector", labelSelector)
                            + parameter("continue", next);
            JsonNode page =
                    send(question(
                                    "list",
                                    resource,
                                    "GET",
                                    resource.path(namespace, "") + query,
                                    ""))
                            .object();
            page.path("items").forEach(items::add);
            next = page.path("metadata").path("continue").asText();
        } while (!next.isEmpty());
        return items;
    }

    /** Changes one object by a JSON patch (RFC 6902), all of it or nothing. */
    public KubernetesAnswer patch(
            Resource resource, String namespace, String name, JsonNode patch, boolean dryRun) {
        return send(
                new Question(
                        asked("patch", resource),
                        "PATCH",
                        resource.path(namespace, name) + trial(dryRun),
                        "application/json-patch+json",
                        bytes(patch)));
    }

    public KubernetesAnswer create(
            Resource resource, String namespace, JsonNode object, boolean dryRun) {
        return send(
                new Question(
                        asked("create", resource),
                        "POST",
                        resource.path(namespace, "") + trial(dryRun),
                        JSON,
                        bytes(object)));
    }

    /** Deletes one object, and no other that has its name by now. */
    public KubernetesAnswer delete(
            Resource resource, String namespace, String name, String uid, boolean dryRun) {
        JsonNode options =
                MAPPER.createObjectNode()
                        .put("apiVersion", "v1")
                        .put("kind", "DeleteOptions")
                        .set("preconditions", MAPPER.createObjectNode().put("uid", uid));
        return send(
                new Question(
                        asked("delete", resource),
                        "DELETE",
                        resource.path(namespace, name) + trial(dryRun),
                        JSON,
                        bytes(options)));
    }

    /** Whether RBAC allows it; every caller may ask. */
    public boolean may(String verb, Resource resource, String namespace, String name) {
        var review = MAPPER.createObjectNode();
        review.put("apiVersion", "authorization.k8s.io/v1").put("kind", "SelfSubjectAccessReview");
        review.putObject("spec")
                .putObject("resourceAttributes")
                .put("namespace", namespace)
                .put("verb", verb)
                .put("group", resource.group())
                .put("resource", resource.plural())
                .put("name", name);
        return create(Resource.ACCESS_REVIEWS, "", review, false)
                .object()
                .path("status")
                .path("allowed")
                .asBoolean();
    }

    private static String trial(boolean dryRun) {
        return "?fieldManager=yagura" + (dryRun ? "&dryRun=All" : "");
    }

    private static String parameter(String name, String value) {
        return value.isEmpty() ? "" : "&" + name + "=" + URLEncoder.encode(value, UTF_8);
    }

    private static String asked(String verb, Resource resource) {
        return verb + " " + resource.plural();
    }

    private static Question question(
            String verb, Resource resource, String method, String path, String contentType) {
        return new Question(asked(verb, resource), method, path, contentType, new byte[0]);
    }

    private KubernetesAnswer send(Question question) {
        for (int attempt = 1; ; attempt++) {
            try {
                return sendOnce(question);
            } catch (KubernetesException e) {
                boolean again =
                        e.statusCode() == TOO_MANY || (question.isRead() && e.isTransient());
                if (!again || attempt == ATTEMPTS) {
                    throw e;
                }
            } catch (UnreachableException e) {
                if (!question.isRead() || attempt == ATTEMPTS) {
                    throw e;
                }
            }
            pause(attempt);
        }
    }

    private KubernetesAnswer sendOnce(Question question) {
        CompletableFuture<HttpResponse<byte[]>> sent =
                http.sendAsync(
                        request(question),
                        HttpResponse.BodyHandlers.limiting(
                                HttpResponse.BodyHandlers.ofByteArray(), LARGEST_ANSWER));
        try {
            // The request's own timeout ends with the headers.
            return answer(question, sent.get(limits.attempt().toMillis(), TimeUnit.MILLISECONDS));
        } catch (ExecutionException e) {
            throw new UnreachableException(
                    unanswered(
                            e.getCause() instanceof SSLException
                                    ? "has no certificate of the authority that EKS names"
                                    : "does not answer; one with a private endpoint only is reached"
                                            + " from its VPC",
                            e.getCause()),
                    e);
        } catch (TimeoutException e) {
            throw new UnreachableException(unanswered("is too slow", e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnreachableException(unanswered("was not waited for", e), e);
        } finally {
            sent.cancel(true);
        }
    }

    private String unanswered(String why, @Nullable Throwable e) {
        return "the Kubernetes API of %s at %s %s (%s)".formatted(cluster, endpoint, why, e);
    }

    private HttpRequest request(Question question) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(endpoint + question.path()))
                        .header("Authorization", "Bearer " + token.get())
                        .header("Accept", JSON)
                        .method(
                                question.method(),
                                question.body().length == 0
                                        ? HttpRequest.BodyPublishers.noBody()
                                        : HttpRequest.BodyPublishers.ofByteArray(question.body()));
        if (!question.contentType().isEmpty()) {
            request.header("Content-Type", question.contentType());
        }
        return request.build();
    }

    private KubernetesAnswer answer(Question question, HttpResponse<byte[]> response) {
        JsonNode body = parsed(response.body());
        String auditId = response.headers().firstValue("audit-id").orElse("");
        if (response.statusCode() / 100 == 2) {
            return new KubernetesAnswer(body, auditId);
        }
        String causes =
                body.path("details")
                        .path("causes")
                        .valueStream()
                        .map(each -> each.path("message").asText())
                        .collect(Collectors.joining("; "));
        String message = body.path("message").asText("no words");
        throw new KubernetesException(
                cluster,
                question.asked(),
                response.statusCode(),
                body.path("reason").asText("no reason"),
                causes.isEmpty() ? message : message + ": " + causes,
                auditId);
    }

    /** What stands between may answer with something else. */
    private static JsonNode parsed(byte[] body) {
        try {
            return MAPPER.readTree(body);
        } catch (IOException e) {
            return MissingNode.getInstance();
        }
    }

    private static byte[] bytes(JsonNode json) {
        try {
            return MAPPER.writeValueAsBytes(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree is always written", e);
        }
    }

    private void pause(int attempt) {
        long longest = limits.pause().toMillis() << (attempt - 1);
        try {
            Thread.sleep(ThreadLocalRandom.current().nextLong(longest / 2, longest + 1));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnreachableException(unanswered("was not waited for", e), e);
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
