package dev.yagura.response.host;

import dev.yagura.common.aws.AwsClients;
import dev.yagura.proto.type.v1.Scope;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;
import software.amazon.awssdk.services.s3.presigner.model.PresignedPutObjectRequest;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/**
 * Where archives are kept, reached with the credentials of one account and region. A host gets no
 * more than the right to put one object at a place where none is.
 */
final class TriageBucket implements SdkAutoCloseable {
    private static final String HOST = "host";

    private final S3Client s3;
    private final S3Presigner presigner;
    private final TriageConfig config;

    private TriageBucket(S3Client s3, S3Presigner presigner, TriageConfig config) {
        this.s3 = s3;
        this.presigner = presigner;
        this.config = config;
    }

    /**
     * An object as S3 has it.
     *
     * @param versionId empty in a bucket without versions
     * @param kmsKey empty without SSE-KMS
     */
    record Stored(String versionId, String kmsKey, TriageArchiveReader.Contents contents) {}

    static TriageBucket open(AwsClients clients, TriageConfig config, Scope scope) {
        Region region = Region.of(config.region().orElse(scope.getRegion()));
        return new TriageBucket(
                clients.client(S3Client.builder(), scope, region),
                clients.presigner(S3Presigner.builder(), scope, region).build(),
                config);
    }

    /**
     * What a host needs to put an archive: URL, then a line for each header, base64. A secret.
     *
     * @param lifetime of the URL; it ends earlier with the credentials that it was signed with
     */
    String upload(String key, Duration lifetime) {
        PutObjectRequest.Builder put =
                PutObjectRequest.builder().bucket(bucket()).key(key).ifNoneMatch("*");
        config.kmsKey()
                .ifPresent(kmsKey ->
                        put.serverSideEncryption(ServerSideEncryption.AWS_KMS).ssekmsKeyId(kmsKey));
        PresignedPutObjectRequest signed =
                presigner.presignPutObject(request ->
                        request.signatureDuration(lifetime).putObjectRequest(put.build()));
        String headers =
                signed.signedHeaders().entrySet().stream()
                        .filter(header -> !header.getKey().equalsIgnoreCase(HOST))
                        .map(header -> header.getKey() + ": " + String.join(",", header.getValue()))
                        .sorted()
                        .collect(Collectors.joining("\n"));
        return Base64.getEncoder()
                .encodeToString(
                        (signed.url() + "\n" + headers + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Reads an archive from its beginning to its end. Throws what the SDK throws.
     *
     * @param progress told of everything that was read
     * @throws UncheckedIOException the connection broke
     */
    Stored read(String key, Runnable progress) {
        try (ResponseInputStream<GetObjectResponse> stream =
                s3.getObject(request -> request.bucket(bucket()).key(key))) {
            GetObjectResponse response = stream.response();
            TriageArchiveReader.Contents contents =
                    TriageArchiveReader.read(stream, config.mostBytes(), progress);
            if (contents.isCut()) {
                stream.abort();
            }
            return new Stored(text(response.versionId()), text(response.ssekmsKeyId()), contents);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String bucket() {
        return config.bucket().orElseThrow();
    }

    private static String text(@Nullable String text) {
        return Objects.requireNonNullElse(text, "");
    }

    @Override
    public void close() {
        s3.close();
        presigner.close();
    }
}
