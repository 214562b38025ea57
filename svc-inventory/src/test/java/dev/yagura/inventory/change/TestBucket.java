package dev.yagura.inventory.change;

import dev.yagura.common.aws.AwsClients;
import dev.yagura.inventory.reconcile.SandboxNews;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.zip.GZIPOutputStream;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/** A bucket of the sandbox's account, in which others put objects. */
final class TestBucket implements AutoCloseable {
    static final String NAME = "yagura-triage";

    private final S3Client s3;

    TestBucket(AwsClients clients) {
        // As the sandbox takes it.
        s3 =
                clients.client(
                        S3Client.builder()
                                .requestChecksumCalculation(
                                        RequestChecksumCalculation.WHEN_REQUIRED)
                                .serviceConfiguration(each -> each.chunkedEncodingEnabled(false)),
                        SandboxNews.SCOPE);
    }

    void put(String key, byte[] content) {
        s3.putObject(request -> request.bucket(NAME).key(key), RequestBody.fromBytes(content));
    }

    static byte[] zipped(byte[] content) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream zip = new GZIPOutputStream(out)) {
            zip.write(content);
        }
        return out.toByteArray();
    }

    @Override
    public void close() {
        s3.close();
    }
}
