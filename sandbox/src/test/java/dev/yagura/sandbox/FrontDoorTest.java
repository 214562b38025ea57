package dev.yagura.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.BindException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Requests as no SDK would send them, and the start of the server. */
class FrontDoorTest {
    @RegisterExtension static final SandboxExtension SANDBOX = new SandboxExtension();

    private static final String EC2 = "Version=2016-11-15&Action=";

    @TempDir Path folder;

    @Test
    void refusesWhatIsNotSigned() throws Exception {
        HttpResponse<String> ec2 = post("/", EC2 + "DescribeInstances");
        assertThat(ec2.statusCode()).isEqualTo(401);
        assertThat(ec2.body()).contains("<Code>AuthFailure</Code>");

        HttpResponse<String> sts = post("/", "Version=2011-06-15&Action=GetCallerIdentity");
        assertThat(sts.statusCode()).isEqualTo(403);
        assertThat(sts.body()).contains("<Code>MissingAuthenticationToken</Code>");

        HttpResponse<String> ssm = post("/", "{}", "X-Amz-Target", "AmazonSSM.SendCommand");
        assertThat(ssm.statusCode()).isEqualTo(400);
        assertThat(ssm.body()).contains("MissingAuthenticationTokenException");
        HttpResponse<String> broken =
                post("/", EC2 + "DescribeInstances", "Authorization", "AWS4-HMAC-SHA256 x");
        assertThat(broken.body()).contains("<Code>IncompleteSignature</Code>");
    }

    @Test
    void answersNonsenseWithAnErrorOfItsOwn() throws Exception {
        assertThat(post("/", "").body()).contains("<Code>InvalidAction</Code>");
        assertThat(post("/", "Version=1999-01-01&Action=X").body()).contains("InvalidAction");
        assertThat(post("/", EC2 + "%zz").body()).contains("InvalidAction");
        assertThat(post("/", "x", "X-Amz-Target", "AmazonSSM.Nothing").body())
                .contains("UnknownOperationException");
        assertThat(post("/", "{}", "X-Amz-Target", "DynamoDB_20120810.ListTables").body())
                .contains("UnknownOperationException");
        assertThat(post("/", "x".repeat((1 << 20) + 1)).statusCode()).isEqualTo(413);
    }

    @Test
    void theControlApiNamesWhatIsWrong() throws Exception {
        assertThat(post("/_sandbox/nowhere", "{}").statusCode()).isEqualTo(404);
        assertThat(post("/_sandbox/journal", "{}").statusCode()).isEqualTo(405);
        HttpResponse<String> unknownMember = post("/_sandbox/clock/advance", "{\"days\": 3}");
        assertThat(unknownMember.statusCode()).isEqualTo(400);
        assertThat(unknownMember.body()).contains("days");
        assertThat(post("/_sandbox/clock/advance", "{\"by\": \"-PT1S\"}").body())
                .contains("time does not go back");
        assertThat(post("/_sandbox/instances/web-1/flows", "{\"remote\": \"nowhere\"}").body())
                .contains("no place called nowhere");
        assertThat(post("/_sandbox/instances/web-1/flows", "not json").statusCode()).isEqualTo(400);
    }

    @Test
    void takesManyCallsAtOnce() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Integer>> calls =
                    IntStream.range(0, 200)
                            .<Callable<Integer>>mapToObj(i ->
                                    () -> SANDBOX.ec2().describeInstances().reservations().size())
                            .toList();
            for (Future<Integer> answer : threads.invokeAll(calls)) {
                assertThat(answer.get()).isEqualTo(3);
            }
        }
        assertThat(SANDBOX.control().journal(0)).hasSize(200);
    }

    @Test
    void doesNotStartOnATakenPortOrABadSeed() throws Exception {
        SandboxOptions any = SandboxOptions.anyPort();
        SandboxOptions taken =
                new SandboxOptions(any.address(), SANDBOX.endpoint().getPort(), Optional.empty());
        assertThatThrownBy(() -> SandboxServer.start(taken, Clock.systemUTC()))
                .isInstanceOf(BindException.class);

        Path seed = Files.writeString(folder.resolve("seed.yaml"), "colour: red\n");
        SandboxOptions bad = new SandboxOptions(any.address(), 0, Optional.of(seed));
        assertThatThrownBy(() -> SandboxServer.start(bad, Clock.systemUTC()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("colour");
    }

    private static HttpResponse<String> post(String path, String body, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(SANDBOX.endpoint().resolve(path))
                        .POST(HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        }
    }
}
