package dev.yagura.gateway;

import static dev.yagura.gateway.Calls.await;
import static dev.yagura.gateway.Calls.next;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.yagura.common.tls.Pem;
import dev.yagura.proto.gateway.v1.CreateTokenResponse;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.CreateActionRequest;
import dev.yagura.proto.type.v1.Role;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The JSON API from a client's side. */
class RestApiTest {
    @RegisterExtension static final GatewayFixture GATEWAY = GatewayFixture.with(Map.of());

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ACTION =
            """
            {"kind": "ACTION_KIND_ISOLATE_INSTANCE", "reason": "beacon",
             "requestId": "0198c0de-7e57-7000-8000-000000000009",
             "target": {"instanceId": "i-085b07764feced695",
                        "scope": {"accountId": "111122223333", "region": "ap-northeast-1"}}}
            """;

    private static HttpClient client = HttpClient.newHttpClient();

    @BeforeAll
    static void trust() throws Exception {
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        for (X509Certificate each : Pem.readCertificates(GATEWAY.authorityFile())) {
            trusted.setCertificateEntry(each.getSerialNumber().toString(), each);
        }
        TrustManagerFactory trust =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(null, trust.getTrustManagers(), null);
        client = HttpClient.newBuilder().sslContext(tls).build();
    }

    @Test
    void readsWithFieldsInTheQuery() throws Exception {
        HttpResponse<String> answer =
                send("GET", "/v1/alerts?pageSize=5&filter.minSeverity=SEVERITY_HIGH", "");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("application/json"));
        assertThat(JSON.readTree(answer.body()).path("nextPageToken").asText()).isEqualTo("next");
    }

    @Test
    void createsFromABodyAsThePrincipalOfTheToken() throws Exception {
        HttpResponse<String> answer = send("POST", "/v1/actions", ACTION);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(JSON.readTree(answer.body()).path("state").asText())
                .isEqualTo("ACTION_STATE_APPROVED");
        CreateActionRequest arrived = next(GATEWAY.services().created);
        assertThat(arrived.getKind()).isEqualTo(ActionKind.ACTION_KIND_ISOLATE_INSTANCE);
        assertThat(arrived.getTarget().getScope().getRegion()).isEqualTo("ap-northeast-1");
        assertThat(next(GATEWAY.services().principals).getRole()).isEqualTo(Role.ROLE_ADMIN);
    }

    @Test
    void errorsHaveTheReasonAndTheDetailsOfGrpc() throws Exception {
        HttpResponse<String> missing = send("GET", "/v1/alerts/x", "");
        assertThat(missing.statusCode()).isEqualTo(404);
        JsonNode error = JSON.readTree(missing.body()).path("error");
        assertThat(error.path("status").asText()).isEqualTo("NOT_FOUND");
        assertThat(error.path("details").path(0).path("reason").asText()).isEqualTo("NOT_FOUND");
        assertThat(error.path("details").path(1).path("resourceName").asText())
                .isEqualTo("alerts/x");

        HttpResponse<String> nobody =
                client.send(
                        HttpRequest.newBuilder(GATEWAY.rest().resolve("/v1/alerts")).build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(nobody.statusCode()).isEqualTo(401);
        assertThat(nobody.headers().firstValue("WWW-Authenticate")).hasValue("Bearer");
        assertThat(nobody.body()).contains("authorization: Bearer <token>", "UNAUTHENTICATED");

        HttpResponse<String> unread =
                client.send(
                        HttpRequest.newBuilder(GATEWAY.rest().resolve("/v1/actions"))
                                .POST(HttpRequest.BodyPublishers.ofString("no JSON"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(unread.statusCode()).isEqualTo(401);

        HttpResponse<String> viewer =
                send("POST", "/v1/actions", ACTION, GATEWAY.token(Role.ROLE_VIEWER).getSecret());
        assertThat(viewer.statusCode()).isEqualTo(403);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "GET    | /v1/alerts?nonsense=1          |                      | nonsense: there is no such field",
                "GET    | /v1/alerts?filter.nonsense=1   |                      | filter.nonsense: there is no such field",
                "GET    | /v1/alerts?pageSize=many       |                      | query: ",
                "GET    | /v1/alerts?pageSize=1&pageSize=2 |                    | pageSize: is there more than once",
                "GET    | /v1/alerts                     | {}                   | body: is not read here",
                "POST   | /v1/actions?reason=x           | {}                   | reason: stands in the query",
                "POST   | /v1/actions                    | {\"nonsense\": 1}    | body: ",
                "POST   | /v1/actions                    | {\"kind\":           | body: ",
                "POST   | /v1/actions/1:undo             | {\"name\": \"actions/2\"} | name: is not what the path says"
            })
    void badRequestsNameTheField(String verb, String path, String body, String message)
            throws Exception {
        HttpResponse<String> answer = send(verb, path, body == null ? "" : body);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        JsonNode error = JSON.readTree(answer.body()).path("error");
        assertThat(error.path("message").asText()).contains(message);
        assertThat(error.path("status").asText()).isEqualTo("INVALID_ARGUMENT");
    }

    @Test
    void aBodyThatIsTooLargeIsRefused() throws Exception {
        HttpResponse<String> answer =
                send("POST", "/v1/actions", "{\"reason\": \"" + "x".repeat(600_000) + "\"}");

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("yagura.gateway.rest.max-body-bytes");
        assertThat(GATEWAY.services().created).isEmpty();
        assertThat(send("GET", "/v1/alerts", "").statusCode()).isEqualTo(200);
    }

    @Test
    void pathsThatAreNotThereSaySo() throws Exception {
        HttpResponse<String> missing = send("GET", "/v1/nothing", "");
        assertThat(missing.statusCode()).isEqualTo(404);
        assertThat(missing.body()).contains("/v1/openapi.json");

        HttpResponse<String> other = send("PUT", "/v1/actions", "{}");
        assertThat(other.statusCode()).isEqualTo(405);
        assertThat(other.headers().firstValue("Allow")).hasValue("GET, POST");
    }

    @Test
    void streamsComeAsLines() throws Exception {
        HttpResponse<String> answer = send("GET", "/v1/actions:watch", "");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type"))
                .hasValue("application/x-ndjson; charset=utf-8");
        assertThat(answer.body().lines())
                .singleElement()
                .satisfies(line ->
                        assertThat(JSON.readTree(line).path("result").path("cursor").asText())
                                .isEqualTo("1"));
        assertThat(send("GET", "/v1/actions:watch", "", "nonsense").statusCode()).isEqualTo(401);
    }

    @Test
    void aStreamWhoseClientIsGoneEndsUpstreamToo() throws Exception {
        int before = GATEWAY.services().watchesEnded.get();
        HttpResponse<InputStream> answer =
                client.send(
                        request("GET", "/v1/alerts:watch", "", GATEWAY.admin()),
                        HttpResponse.BodyHandlers.ofInputStream());
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
            assertThat(lines.readLine()).startsWith("{\"result\":");
            assertThat(GATEWAY.services().watchesEnded.get()).isEqualTo(before);
        }

        await(() -> GATEWAY.services().watchesEnded.get() > before);
    }

    @Test
    void callsAreInTheAuditWithTheAddressOfTheirClient() throws Exception {
        CreateTokenResponse token = GATEWAY.token(Role.ROLE_RESPONDER);
        send("POST", "/v1/actions", ACTION, token.getSecret());

        await(() -> GATEWAY.audit(token).size() == 2);
        assertThat(GATEWAY.audit(token))
                .contains("BEGAN yagura.response.v1.ActionService/CreateAction  ");
        assertThat(GATEWAY.peers(token)).allMatch(peer -> peer.startsWith("127.0.0.1:"));
    }

    @Test
    void theDocumentDescribesEveryPath() throws Exception {
        JsonNode document = JSON.readTree(send("GET", "/v1/openapi.json", "").body());

        assertThat(document.path("openapi").asText()).isEqualTo("3.0.3");
        JsonNode create = document.path("paths").path("/v1/actions").path("post");
        assertThat(create.path("operationId").asText()).isEqualTo("ActionService_CreateAction");
        assertThat(document.path("paths").path("/v1/actions/{id}:undo").has("post")).isTrue();
        assertThat(document.findValuesAsText("$ref"))
                .allSatisfy(reference ->
                        assertThat(document.at(reference.substring(1)).isMissingNode())
                                .as(reference)
                                .isFalse());
    }

    private static HttpResponse<String> send(String verb, String path, String body)
            throws Exception {
        return send(verb, path, body, GATEWAY.admin());
    }

    private static HttpResponse<String> send(String verb, String path, String body, String token)
            throws Exception {
        return client.send(request(verb, path, body, token), HttpResponse.BodyHandlers.ofString());
    }

    private static HttpRequest request(String verb, String path, String body, String token) {
        return HttpRequest.newBuilder(URI.create(GATEWAY.rest() + path))
                .method(
                        verb,
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body))
                .header("Authorization", "Bearer " + token)
                .build();
    }
}
