package dev.yagura.sandbox;

import static dev.yagura.sandbox.AwsErrors.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.testkit.ShiftedClock;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;
import software.amazon.awssdk.services.s3.presigner.model.PresignedPutObjectRequest;

/** S3's objects: a presigned URL puts one where none is, and nothing else. */
class StorageTest {
    private static final String BUCKET = "yagura-triage";
    private static final String KEY = "triage/111122223333/i-0/a.tar.gz";
    private static final String KMS_KEY =
            "arn:aws:kms:ap-northeast-1:111122223333:key/5a0c2f6e-9d31-4c7b-8e54-0b7f6a1d2c3e";

    /** What the tests do not wait for. */
    private static final AtomicReference<Duration> AHEAD = new AtomicReference<>(Duration.ZERO);

    @RegisterExtension
    static final SandboxExtension SANDBOX =
            new SandboxExtension(SandboxOptions.anyPort(), new ShiftedClock(AHEAD));

    @Test
    void aPresignedUrlPutsOneObjectOnce() throws Exception {
        PresignedPutObjectRequest url = sign(SandboxExtension.OPERATOR, KEY, null);

        HttpResponse<String> first = put(url, "first");
        HttpResponse<String> second = put(url, "second");

        assertThat(first.statusCode()).as(first.body()).isEqualTo(200);
        assertThat(second.statusCode()).isEqualTo(412);
        assertThat(second.body()).contains("<Code>PreconditionFailed</Code>");
        try (S3Client s3 = SANDBOX.s3(SandboxExtension.OPERATOR)) {
            var got = s3.getObjectAsBytes(r -> r.bucket(BUCKET).key(KEY));
            assertThat(got.asUtf8String()).isEqualTo("first");
            var head = s3.headObject(r -> r.bucket(BUCKET).key(KEY));
            assertThat(head.contentLength()).isEqualTo(5);
            assertThat(head.versionId()).isEqualTo(got.response().versionId()).isNotBlank();
            assertThat(head.serverSideEncryptionAsString()).isEqualTo("AES256");

            s3.deleteObject(r -> r.bucket(BUCKET).key(KEY));
            refused(() -> s3.getObjectAsBytes(r -> r.bucket(BUCKET).key(KEY)), 404, "NoSuchKey");
            refused(
                    () -> s3.getObjectAsBytes(r -> r.bucket("nowhere").key(KEY)),
                    404,
                    "NoSuchBucket");
        }
    }

    @Test
    void itIsGoodForNothingElse() throws Exception {
        PresignedPutObjectRequest url = sign(SandboxExtension.OPERATOR, KEY, null);
        String text = url.url().toString();

        assertThat(put(text.replace("/a.tar.gz", "/b.tar.gz"), headers(url), "x").body())
                .contains("<Code>SignatureDoesNotMatch</Code>");
        assertThat(put(text, Map.of(), "without the condition").body())
                .contains("<Code>SignatureDoesNotMatch</Code>");
        assertThat(put(text, Map.of("if-none-match", "*", "x-amz-acl", "public-read"), "x").body())
                .contains("<Code>AccessDenied</Code>", "not signed");
        assertThat(
                        put(
                                        text,
                                        Map.of(
                                                "if-none-match",
                                                "*",
                                                "Content-MD5",
                                                "1B2M2Y8AsgTpgAmY7PhCfg=="),
                                        "not empty")
                                .body())
                .contains("<Code>BadDigest</Code>");
        assertThat(send("GET", text, headers(url), "").body())
                .contains("<Code>SignatureDoesNotMatch</Code>");
        assertThat(
                        put(
                                        text.replaceAll("X-Amz-Expires=\\d+", "X-Amz-Expires=0"),
                                        headers(url),
                                        "")
                                .body())
                .contains("<Code>AuthorizationQueryParametersError</Code>");
        assertThat(send("PUT", SANDBOX.endpoint() + "/" + BUCKET + "/" + KEY, Map.of(), "").body())
                .contains("<Code>AccessDenied</Code>");
    }

    @Test
    void itEndsWithItsTime() throws Exception {
        PresignedPutObjectRequest url = sign(SandboxExtension.OPERATOR, KEY, null);
        AHEAD.set(Duration.ofSeconds(61));
        try {
            HttpResponse<String> late = put(url, "late");
            assertThat(late.statusCode()).isEqualTo(403);
            assertThat(late.body()).contains("Request has expired");
        } finally {
            AHEAD.set(Duration.ZERO);
        }
    }

    @Test
    void whoeverSignedMustBeAllowed() throws Exception {
        assertThat(put(sign(SandboxExtension.VIEWER, KEY, null), "x").body())
                .contains("<Code>AccessDenied</Code>", "s3:PutObject", BUCKET + "/" + KEY);
        assertThat(put(sign(SandboxExtension.OPERATOR, KEY, KMS_KEY), "x").statusCode())
                .isEqualTo(200);
        try (S3Client s3 = SANDBOX.s3(SandboxExtension.OPERATOR);
                S3Client viewer = SANDBOX.s3(SandboxExtension.VIEWER)) {
            assertThat(s3.headObject(r -> r.bucket(BUCKET).key(KEY)).ssekmsKeyId())
                    .isEqualTo(KMS_KEY);
            refused(
                    () -> viewer.getObjectAsBytes(r -> r.bucket(BUCKET).key(KEY)),
                    403,
                    "AccessDenied");
            refused(() -> s3.listObjectsV2(r -> r.bucket(BUCKET)), 501, "NotImplemented");
            refused(
                    () -> s3.getObjectAsBytes(r -> r.bucket(BUCKET).key(KEY).partNumber(1)),
                    501,
                    "NotImplemented");
        }
    }

    @Test
    void bucketsAreListedByWhatTheirNamesBeginWith() {
        List.of("shop", "shop-logs", "web").forEach(SANDBOX.control().resources()::makeBucket);
        try (S3Client s3 = SANDBOX.s3(SandboxExtension.OPERATOR);
                S3Client viewer = SANDBOX.s3(SandboxExtension.VIEWER)) {
            var first =
                    s3.listBuckets(r -> r.bucketRegion(Seeded.REGION).prefix("shop").maxBuckets(1));
            assertThat(first.buckets())
                    .singleElement()
                    .satisfies(bucket -> {
                        assertThat(bucket.name()).isEqualTo("shop");
                        assertThat(bucket.bucketRegion()).isEqualTo(Seeded.REGION);
                        assertThat(bucket.creationDate()).isNotNull();
                    });
            assertThat(first.continuationToken()).isNotBlank();
            assertThat(
                            s3
                                    .listBucketsPaginator(
                                            r -> r.bucketRegion(Seeded.REGION).maxBuckets(2))
                                    .buckets()
                                    .stream()
                                    .map(bucket -> bucket.name()))
                    .containsExactly("shop", "shop-logs", "web", BUCKET);
            refused(() -> s3.listBuckets(r -> r.bucketRegion("eu-west-1")), 400, "InvalidArgument");
            refused(
                    () -> viewer.listBuckets(r -> r.bucketRegion(Seeded.REGION)),
                    403,
                    "AccessDenied");
        }
    }

    private static PresignedPutObjectRequest sign(
            AwsCredentials keys, String key, @Nullable String kmsKey) {
        PutObjectRequest.Builder request =
                PutObjectRequest.builder().bucket(BUCKET).key(key).ifNoneMatch("*");
        if (kmsKey != null) {
            request.serverSideEncryption(ServerSideEncryption.AWS_KMS).ssekmsKeyId(kmsKey);
        }
        try (S3Presigner presigner =
                S3Presigner.builder()
                        .endpointOverride(SANDBOX.endpoint())
                        .region(Region.of(Seeded.REGION))
                        .credentialsProvider(StaticCredentialsProvider.create(keys))
                        .build()) {
            return presigner.presignPutObject(r ->
                    r.signatureDuration(Duration.ofMinutes(1)).putObjectRequest(request.build()));
        }
    }

    private static HttpResponse<String> put(PresignedPutObjectRequest url, String content)
            throws Exception {
        return put(url.url().toString(), headers(url), content);
    }

    private static HttpResponse<String> put(String url, Map<String, String> headers, String content)
            throws Exception {
        return send("PUT", url, headers, content);
    }

    private static HttpResponse<String> send(
            String method, String url, Map<String, String> headers, String content)
            throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(url))
                        .method(method, HttpRequest.BodyPublishers.ofString(content));
        headers.forEach(request::header);
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        }
    }

    private static Map<String, String> headers(PresignedPutObjectRequest url) {
        Map<String, String> headers = new HashMap<>();
        for (Map.Entry<String, List<String>> each : url.signedHeaders().entrySet()) {
            if (!each.getKey().equalsIgnoreCase("host")) {
                headers.put(each.getKey(), String.join(",", each.getValue()));
            }
        }
        return headers;
    }
}
