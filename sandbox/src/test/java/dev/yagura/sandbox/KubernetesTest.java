package dev.yagura.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.eks.EksClient;
import software.amazon.awssdk.services.eks.model.Cluster;
import software.amazon.awssdk.services.eks.model.ResourceNotFoundException;

/** The Kubernetes API of a cluster: whom it believes, what it takes, what it refuses. */
class KubernetesTest {
    private static final String POD = "/api/v1/namespaces/shop/pods/db-0";
    private static final String POLICIES =
            "/apis/networking.k8s.io/v1/namespaces/shop/networkpolicies";
    private static final String JSON_PATCH = "application/json-patch+json";

    @RegisterExtension static final SandboxExtension SANDBOX = new SandboxExtension();

    private static Cluster cluster;
    private static HttpClient http;

    @BeforeAll
    static void open() throws Exception {
        try (EksClient eks =
                SANDBOX.client(
                        EksClient.builder(), SandboxExtension.OPERATOR, Region.of(Seeded.REGION))) {
            cluster = eks.describeCluster(r -> r.name("shop")).cluster();
            assertThatThrownBy(() -> eks.describeCluster(r -> r.name("none")))
                    .isInstanceOf(ResourceNotFoundException.class);
        }
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry(
                "authority",
                CertificateFactory.getInstance("X.509")
                        .generateCertificate(
                                new ByteArrayInputStream(
                                        Base64.getDecoder()
                                                .decode(cluster.certificateAuthority().data()))));
        TrustManagerFactory trust =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        http = HttpClient.newBuilder().sslContext(context).build();
    }

    @AfterAll
    static void close() {
        http.close();
    }

    /** A token as EKS asks for, or one that is not quite. */
    private record Token(
            AwsCredentials keys, String named, String action, String region, Clock clock) {
        static final Token GOOD =
                new Token(
                        SandboxExtension.OPERATOR,
                        "shop",
                        "GetCallerIdentity",
                        Seeded.REGION,
                        Clock.systemUTC());

        String text() {
            SdkHttpRequest request =
                    SdkHttpRequest.builder()
                            .method(SdkHttpMethod.GET)
                            .protocol("https")
                            .host("sts." + region + ".amazonaws.com")
                            .encodedPath("/")
                            .putRawQueryParameter("Action", action)
                            .putRawQueryParameter("Version", "2011-06-15")
                            .putHeader("x-k8s-aws-id", named)
                            .build();
            String url =
                    AwsV4HttpSigner.create()
                            .sign(r ->
                                    r.identity(keys)
                                            .request(request)
                                            .putProperty(
                                                    AwsV4FamilyHttpSigner.SERVICE_SIGNING_NAME,
                                                    "sts")
                                            .putProperty(AwsV4HttpSigner.REGION_NAME, region)
                                            .putProperty(AwsV4HttpSigner.SIGNING_CLOCK, clock)
                                            .putProperty(
                                                    AwsV4FamilyHttpSigner.AUTH_LOCATION,
                                                    AwsV4FamilyHttpSigner.AuthLocation.QUERY_STRING)
                                            .putProperty(
                                                    AwsV4FamilyHttpSigner.EXPIRATION_DURATION,
                                                    Duration.ofSeconds(60)))
                            .request()
                            .getUri()
                            .toString();
            return "k8s-aws-v1."
                    + Base64.getUrlEncoder().withoutPadding().encodeToString(url.getBytes(UTF_8));
        }
    }

    @Test
    void believesOnlyTokensOfThisClusterThatAreFresh() throws Exception {
        assertThat(get(Token.GOOD.text())).isEqualTo(200);
        Clock old = Clock.fixed(Instant.now().minusSeconds(90), ZoneOffset.UTC);
        for (Token wrong :
                List.of(
                        new Token(
                                SandboxExtension.OPERATOR,
                                "other",
                                "GetCallerIdentity",
                                Seeded.REGION,
                                Clock.systemUTC()),
                        new Token(
                                SandboxExtension.OPERATOR,
                                "shop",
                                "GetSessionToken",
                                Seeded.REGION,
                                Clock.systemUTC()),
                        new Token(
                                SandboxExtension.OPERATOR,
                                "shop",
                                "GetCallerIdentity",
                                "eu-west-1",
                                Clock.systemUTC()),
                        new Token(
                                SandboxExtension.OPERATOR,
                                "shop",
                                "GetCallerIdentity",
                                Seeded.REGION,
                                old),
                        new Token(
                                SandboxExtension.VIEWER,
                                "shop",
                                "GetCallerIdentity",
                                Seeded.REGION,
                                Clock.systemUTC()))) {
            assertThat(get(wrong.text())).as(wrong.toString()).isEqualTo(401);
        }
        String good = Token.GOOD.text();
        assertThat(get(good.substring(0, good.length() - 4) + "AAAA")).isEqualTo(401);
        assertThat(get("k8s-aws-v1.!")).isEqualTo(401);
    }

    @Test
    void changesOnlyWhereEveryTestHolds() throws Exception {
        JsonNode pod = json(call("GET", POD, "", ""));
        String uid = pod.path("metadata").path("uid").asText();
        String patch =
                """
                [{"op": "test", "path": "/metadata/uid", "value": "%s"},
                 {"op": "test", "path": "/metadata/labels", "value": {"app": "%s"}},
                 {"op": "add", "path": "/metadata/labels", "value": {"a.b/c": "d"}}]
                """;
        assertThat(call("PATCH", POD, JSON_PATCH, patch.formatted(uid, "x")).statusCode())
                .isEqualTo(422);
        assertThat(
                        json(call(
                                        "PATCH",
                                        POD + "?dryRun=All",
                                        JSON_PATCH,
                                        patch.formatted(uid, "db")))
                                .path("metadata")
                                .path("labels")
                                .has("a.b/c"))
                .isTrue();
        HttpResponse<String> done = call("PATCH", POD, JSON_PATCH, patch.formatted(uid, "db"));
        assertThat(done.statusCode()).isEqualTo(200);
        assertThat(json(done).path("metadata").path("resourceVersion"))
                .isNotEqualTo(pod.path("metadata").path("resourceVersion"));
        for (String wrong :
                List.of(
                        "{\"op\": \"add\", \"path\": \"/metadata/labels\", \"value\": {\"a b\": \"\"}}",
                        "{\"op\": \"remove\", \"path\": \"/metadata/labels/none\"}",
                        "{\"op\": \"add\", \"path\": \"/spec/hostNetwork\", \"value\": true}",
                        "{\"op\": \"add\", \"path\": \"/metadata/uid\", \"value\": \"x\"}")) {
            assertThat(call("PATCH", POD, JSON_PATCH, "[" + wrong + "]").statusCode())
                    .as(wrong)
                    .isEqualTo(422);
        }
        assertThat(call("PATCH", POD, "application/merge-patch+json", "{}").statusCode())
                .isEqualTo(415);
    }

    @Test
    void makesAPolicyOnceAndDeletesTheOneThatIsMeant() throws Exception {
        String policy =
                """
                {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy",
                 "metadata": {"name": "p"}, "spec": {"podSelector": {}, "policyTypes": ["Egress"]}}
                """;
        HttpResponse<String> made = call("POST", POLICIES, "application/json", policy);
        assertThat(made.statusCode()).isEqualTo(201);
        assertThat(call("POST", POLICIES, "application/json", policy).statusCode()).isEqualTo(409);
        assertThat(
                        call("POST", POLICIES, "application/json", policy.replace("Egress", "Out"))
                                .statusCode())
                .isEqualTo(422);
        String options = "{\"preconditions\": {\"uid\": \"%s\"}}";
        assertThat(
                        call("DELETE", POLICIES + "/p", "application/json", options.formatted("x"))
                                .statusCode())
                .isEqualTo(409);
        String uid = json(made).path("metadata").path("uid").asText();
        assertThat(
                        call("DELETE", POLICIES + "/p", "application/json", options.formatted(uid))
                                .statusCode())
                .isEqualTo(200);
        assertThat(call("GET", POLICIES + "/p", "", "").statusCode()).isEqualTo(404);
    }

    @Test
    void listsByLabelPageByPage() throws Exception {
        String pods = "/api/v1/namespaces/shop/pods?labelSelector=app%3Dweb&limit=2";
        JsonNode first = json(call("GET", pods, "", ""));
        assertThat(first.path("items").size()).isEqualTo(2);
        String next = first.path("metadata").path("continue").asText();
        JsonNode second = json(call("GET", pods + "&continue=" + next, "", ""));
        assertThat(second.path("items").size()).isOne();
        assertThat(second.path("metadata").has("continue")).isFalse();
        assertThat(call("GET", pods + "&typo=1", "", "").statusCode()).isEqualTo(400);
    }

    private static int get(String token) throws Exception {
        return send("GET", POD, token, "", "").statusCode();
    }

    private static HttpResponse<String> call(
            String method, String path, String contentType, String body) throws Exception {
        return send(method, path, Token.GOOD.text(), contentType, body);
    }

    private static HttpResponse<String> send(
            String method, String path, String token, String contentType, String body)
            throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(cluster.endpoint() + path))
                        .timeout(Duration.ofSeconds(10))
                        .header("Authorization", "Bearer " + token)
                        .method(method, HttpRequest.BodyPublishers.ofString(body));
        if (!contentType.isEmpty()) {
            request.header("Content-Type", contentType);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static JsonNode json(HttpResponse<String> response) throws Exception {
        return JsonMapper.builder().build().readTree(response.body());
    }
}
