package dev.yagura.response.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yagura.common.aws.AwsClients;
import dev.yagura.common.aws.AwsConfig;
import dev.yagura.proto.type.v1.Scope;
import dev.yagura.testkit.MotoFixture;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** What a host is given, used against an S3 that is not ours. */
class MotoTriageBucketTest {
    private static final Scope SCOPE =
            Scope.newBuilder()
                    .setPartition("aws")
                    .setAccountId("123456789012")
                    .setRegion("ap-northeast-1")
                    .build();
    private static final String BUCKET = "evidence";
    private static final String MANIFEST = "memory/123456789012/i-0/a/manifest.json";
    private static final String KEY = "triage/123456789012/i-0/a.tar.gz";

    @RegisterExtension static final MotoFixture MOTO = new MotoFixture();

    @Test
    void putsOnceUnderTheKeyAndReadsBack() throws Exception {
        String kmsKey = "arn:aws:kms:ap-northeast-1:123456789012:key/5a0c2f6e";
        AwsClients clients = clients(AwsBasicCredentials.create("any", "any"));
        TriageConfig config =
                new TriageConfig(Optional.of(BUCKET), Optional.empty(), Optional.of(kmsKey), 1);
        byte[] archive = new TarFile().with("host.txt", "web-1").gzip();
        try (S3Client s3 = clients.client(S3Client.builder(), SCOPE, Region.of(SCOPE.getRegion()));
                TriageBucket bucket = TriageBucket.open(clients, config, SCOPE)) {
            s3.createBucket(request ->
                    request.bucket(BUCKET)
                            .createBucketConfiguration(
                                    each -> each.locationConstraint(SCOPE.getRegion())));
            String upload = bucket.upload(KEY, Duration.ofMinutes(1));

            assertThat(put(upload, archive)).isEqualTo(200);
            assertThat(put(upload, "something else".getBytes(StandardCharsets.UTF_8)))
                    .isEqualTo(412);

            TriageBucket.Stored stored = bucket.read(KEY, () -> {});
            assertThat(stored.kmsKey()).isEqualTo(kmsKey);
            assertThat(stored.contents().problem()).isEmpty();
            assertThat(stored.contents().sha256()).isEqualTo(TarFile.sha256(archive));

            bucket.put(MANIFEST, archive);
            assertThatThrownBy(() -> bucket.put(MANIFEST, archive))
                    .hasMessageContaining("pre-conditions");
            TriageBucket.Received received = bucket.receive(MANIFEST, archive.length, 2, () -> {});
            assertThat(received.size()).isEqualTo(archive.length);
            assertThat(received.sha256()).isEqualTo(TarFile.sha256(archive));
            assertThat(received.kmsKey()).isEqualTo(kmsKey);
            assertThat(received.start().toByteArray()).isEqualTo(Arrays.copyOf(archive, 2));
            assertThat(bucket.receive(MANIFEST, 1, 0, () -> {}).size()).isGreaterThan(1);
        }
    }

    private static AwsClients clients(AwsCredentials credentials) {
        return new AwsClients(
                new AwsConfig(
                        Optional.of(MOTO.endpoint()),
                        Optional.empty(),
                        Optional.empty(),
                        Duration.ofSeconds(20),
                        Duration.ofSeconds(20),
                        Duration.ofMillis(50)),
                StaticCredentialsProvider.create(credentials));
    }

    /** The URLs of one run are one parameter, as long as its pattern lets it be. */
    @Test
    void manyUploadsAreOneParameter() throws Exception {
        TriageConfig config =
                new TriageConfig(Optional.of(BUCKET), Optional.empty(), Optional.of("key"), 1);
        List<String> keys =
                IntStream.rangeClosed(0, 64)
                        .mapToObj(number ->
                                "memory/123456789012/i-0123456789abcdef0/0198c0de-0000-7000-8000-000000000000/"
                                        + MemoryPart.name(number))
                        .toList();
        String token =
                new Random(1)
                        .ints(2000, 'A', 'Z')
                        .mapToObj(Character::toString)
                        .collect(Collectors.joining());
        try (TriageBucket bucket =
                TriageBucket.open(
                        clients(AwsSessionCredentials.create("any", "any", token)),
                        config,
                        SCOPE)) {
            String uploads = bucket.uploads(keys, Duration.ofMinutes(16));

            assertThat(uploads).hasSizeLessThan(16_000);
            String text =
                    new String(
                            new GZIPInputStream(
                                            new ByteArrayInputStream(
                                                    Base64.getDecoder().decode(uploads)))
                                    .readAllBytes(),
                            StandardCharsets.UTF_8);
            String[] parts = text.split("\n\n", -1);
            assertThat(parts[0].lines())
                    .contains("if-none-match: *")
                    .noneMatch(line -> line.toLowerCase(Locale.ROOT).startsWith("host:"));
            assertThat(parts[1].lines())
                    .hasSize(65)
                    .allMatch(line -> line.contains("X-Amz-Signature="));
        }
    }

    /** As a host does it. */
    private static int put(String upload, byte[] content) throws Exception {
        List<String> lines =
                new String(Base64.getDecoder().decode(upload), StandardCharsets.UTF_8)
                        .lines()
                        .toList();
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(lines.getFirst()))
                        .PUT(HttpRequest.BodyPublishers.ofByteArray(content));
        lines.stream()
                .skip(1)
                .map(line -> line.split(": ", 2))
                .forEach(header -> request.header(header[0], header[1]));
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            return client.send(request.build(), HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        }
    }
}
