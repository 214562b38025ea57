package dev.yagura.response.host;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.ByteString;
import dev.yagura.common.aws.AwsClients;
import dev.yagura.proto.response.v1.PreflightCheck;
import dev.yagura.proto.type.v1.Scope;
import dev.yagura.response.aws.Checks;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;
import software.amazon.awssdk.services.s3.presigner.model.PresignedPutObjectRequest;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/**
 * Where archives and images are kept, reached with the credentials of one account and region. A
 * host gets no more than the right to put objects at places where none is.
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
                clients.client(
                        // Contents are whole when they are sent, and have their MD5.
                        S3Client.builder()
                                .requestChecksumCalculation(
                                        RequestChecksumCalculation.WHEN_REQUIRED)
                                .serviceConfiguration(each -> each.chunkedEncodingEnabled(false)),
                        scope,
                        region),
                clients.presigner(S3Presigner.builder(), scope, region).build(),
                config);
    }

    /** Whether there is one. */
    static PreflightCheck check(TriageConfig config) {
        String label = "there is a bucket for archives";
        return config.bucket()
                .map(bucket -> Checks.passed(label, bucket))
                .orElseGet(() ->
                        Checks.refused(
                                label,
                                "none is configured",
                                "set " + TriageConfig.BUCKET + " to the name of an S3 bucket"));
    }

    /**
     * What a host needs to put an archive: URL, then a line for each header, base64. A secret.
     *
     * @param lifetime of the URL; it ends earlier with the credentials that it was signed with
     */
    String upload(String key, Duration lifetime) {
        PresignedPutObjectRequest signed = sign(key, lifetime);
        return base64((signed.url() + "\n" + headers(signed) + "\n").getBytes(UTF_8));
    }

    /**
     * What a host needs to put several objects: a line for each header, which are the same for all,
     * an empty line, a URL for each key; gzip, base64. A secret.
     *
     * @param lifetime of the URLs; see {@link #upload}
     */
    String uploads(List<String> keys, Duration lifetime) {
        List<PresignedPutObjectRequest> signed =
                keys.stream().map(key -> sign(key, lifetime)).toList();
        String text =
                headers(signed.getFirst())
                        + "\n\n"
                        + signed.stream()
                                .map(each -> each.url() + "\n")
                                .collect(Collectors.joining());
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(text.getBytes(UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return base64(packed.toByteArray());
    }

    private PresignedPutObjectRequest sign(String key, Duration lifetime) {
        return presigner.presignPutObject(
                request -> request.signatureDuration(lifetime).putObjectRequest(put(key).build()));
    }

    /** At a place where nothing is. */
    private PutObjectRequest.Builder put(String key) {
        PutObjectRequest.Builder put =
                PutObjectRequest.builder().bucket(bucket()).key(key).ifNoneMatch("*");
        config.kmsKey()
                .ifPresent(kmsKey ->
                        put.serverSideEncryption(ServerSideEncryption.AWS_KMS).ssekmsKeyId(kmsKey));
        return put;
    }

    private static String headers(PresignedPutObjectRequest signed) {
        return signed.signedHeaders().entrySet().stream()
                .filter(header -> !header.getKey().equalsIgnoreCase(HOST))
                .map(header -> header.getKey() + ": " + String.join(",", header.getValue()))
                .sorted()
                .collect(Collectors.joining("\n"));
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    /** Puts an object where none is. Throws what the SDK throws. */
    PutObjectResponse put(String key, byte[] content) {
        String md5 = base64(digest("MD5").digest(content));
        return s3.putObject(put(key).contentMD5(md5).build(), RequestBody.fromBytes(content));
    }

    /**
     * An object that was read to its end, or to its limit.
     *
     * @param sha256 of what was read, lower-case hex
     * @param kmsKey empty without SSE-KMS
     * @param start of its content, as far as it was asked for
     */
    record Received(long size, String sha256, String versionId, String kmsKey, ByteString start) {}

    /**
     * Reads an object, and keeps its first bytes. Throws what the SDK throws.
     *
     * @param most no more than one byte more is read
     * @param kept how many bytes of it are kept
     * @param progress told of everything that was read
     * @throws UncheckedIOException the connection broke
     */
    Received receive(String key, long most, int kept, Runnable progress) {
        MessageDigest digest = digest("SHA-256");
        ByteString.Output start = ByteString.newOutput();
        byte[] buffer = new byte[1 << 16];
        long size = 0;
        try (ResponseInputStream<GetObjectResponse> stream =
                s3.getObject(request -> request.bucket(bucket()).key(key))) {
            GetObjectResponse response = stream.response();
            int read = stream.read(buffer);
            while (read >= 0 && size <= most) {
                digest.update(buffer, 0, read);
                start.write(buffer, 0, Math.min(read, Math.max(0, kept - start.size())));
                size += read;
                progress.run();
                read = stream.read(buffer);
            }
            if (read >= 0) {
                stream.abort();
            }
            return new Received(
                    size,
                    HexFormat.of().formatHex(digest.digest()),
                    text(response.versionId()),
                    text(response.ssekmsKeyId()),
                    start.toByteString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static MessageDigest digest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has " + algorithm, e);
        }
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
