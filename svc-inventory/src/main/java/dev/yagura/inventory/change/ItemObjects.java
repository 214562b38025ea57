package dev.yagura.inventory.change;

import dev.yagura.common.aws.AwsClients;
import dev.yagura.inventory.reconcile.ClientByScope;
import dev.yagura.proto.type.v1.Scope;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPInputStream;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/** Notifications that were too large for a message, in S3; one client a scope. */
final class ItemObjects implements AutoCloseable {
    /** Beyond it nothing is read: an asset keeps 256 KiB of its configuration at most. */
    private static final int LARGEST = 8 << 20;

    private static final int GZIP = 0x1f;

    private final ClientByScope<S3Client> clients;

    ItemObjects(AwsClients clients) {
        // The bucket may be in another region than the queue.
        this.clients =
                new ClientByScope<>(scope ->
                        clients.client(S3Client.builder().crossRegionAccessEnabled(true), scope));
    }

    /**
     * The text of an object.
     *
     * @param scope whose role reads it
     * @param location bucket, slash, key
     * @throws UnreadableException it is no such text, or too large
     */
    String read(Scope scope, String location) {
        int slash = location.indexOf('/');
        if (slash < 1 || slash == location.length() - 1) {
            throw new UnreadableException("no bucket and key: '%s'".formatted(location));
        }
        // All of it within the deadline of the call.
        byte[] content =
                clients.of(scope)
                        .getObject(
                                request ->
                                        request.bucket(location.substring(0, slash))
                                                .key(location.substring(slash + 1)),
                                ItemObjects::bounded);
        return text(content);
    }

    private static byte[] bounded(GetObjectResponse head, AbortableInputStream in)
            throws IOException {
        byte[] content = in.readNBytes(LARGEST + 1);
        if (content.length > LARGEST) {
            in.abort();
        }
        return content;
    }

    /** Named ".json.gz", and so it is; a bucket's owner may have unpacked it. */
    private static String text(byte[] content) {
        boolean zipped = content.length > 0 && content[0] == GZIP;
        try (InputStream in =
                zipped
                        ? new GZIPInputStream(new ByteArrayInputStream(content))
                        : new ByteArrayInputStream(content)) {
            byte[] plain = content.length > LARGEST ? content : in.readNBytes(LARGEST + 1);
            if (plain.length > LARGEST) {
                throw new UnreadableException("larger than %d bytes".formatted(LARGEST));
            }
            return new String(plain, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UnreadableException("damaged: " + e.getMessage());
        }
    }

    @Override
    public void close() {
        clients.close();
    }
}
