package dev.yagura.response.host;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.MemoryImage;
import dev.yagura.proto.response.v1.PlannedCall;
import dev.yagura.proto.response.v1.VerificationLevel;
import dev.yagura.response.action.ActionRun;
import dev.yagura.response.action.StillPendingException;
import dev.yagura.response.aws.AwsErrors;
import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObjectBuilder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Reads an image back, part by part, and puts the manifest beside it. How far it has come is
 * written after each list.
 */
final class MemoryReading {
    static final String MANIFEST = "manifest.json";

    private static final String PUT = "s3:PutObject";
    private static final String EXISTS = "PreconditionFailed";

    private final ActionRun run;
    private final TriageBucket bucket;
    private final String bucketName;
    private final String prefix;
    private final TriageConfig triage;
    private final MemoryConfig config;
    private final EvidenceReading reading;

    /**
     * @param prefix of the keys of its objects
     */
    MemoryReading(
            ActionRun run,
            TriageBucket bucket,
            String prefix,
            TriageConfig triage,
            MemoryConfig config,
            AwsErrors errors,
            Clock clock) {
        this.run = run;
        this.bucket = bucket;
        this.bucketName = triage.bucket().orElseThrow();
        this.prefix = prefix;
        this.triage = triage;
        this.config = config;
        this.reading = new EvidenceReading(run, errors, clock);
    }

    /**
     * Of runs that together have every part; those of one run at a time, so that other actions get
     * their turn.
     *
     * @throws StillPendingException those of another run are left
     */
    void readBack(List<MemoryBatch> batches) {
        MemoryBatch first = batches.getFirst();
        for (MemoryBatch batch : batches) {
            if (image().getReadPartCount() < batch.last()) {
                List<MemoryPart> parts = list(batch, -1);
                parts.forEach(this::check);
                save(first, batch.last(), image().getStoredBytes() + stored(parts));
                if (!batch.isLast()) {
                    throw new StillPendingException(
                            "%d of %d parts are read back".formatted(batch.last(), batch.parts()),
                            Duration.ZERO);
                }
            }
        }
        List<MemoryPart> parts = new ArrayList<>();
        for (MemoryBatch batch : batches) {
            parts.addAll(list(batch, parts.isEmpty() ? -1 : parts.getLast().end()));
        }
        long bytes = parts.stream().mapToLong(MemoryPart::length).sum();
        if (bytes != first.bytes()) {
            throw reading.refuted(
                    "its lists have %d bytes of memory, not %d as the host says"
                            .formatted(bytes, first.bytes()));
        }
        manifest(batches, parts);
        run.verified(
                VerificationLevel.VERIFICATION_LEVEL_CONFIG_READ,
                true,
                ("%s has %d parts, each with the size and SHA-256 that the host lists: %d bytes of"
                                + " memory in %d; manifest.json names them, SHA-256 %s")
                        .formatted(
                                place(""),
                                parts.size(),
                                bytes,
                                stored(parts),
                                image().getManifestSha256()));
    }

    private MemoryImage image() {
        return run.action().getMemoryImage();
    }

    private void save(MemoryBatch first, int read, long stored) {
        MemoryImage image =
                MemoryImage.newBuilder()
                        .setBucket(bucketName)
                        .setKeyPrefix(prefix)
                        .setPartCount(first.parts())
                        .setReadPartCount(read)
                        .setSizeBytes(first.bytes())
                        .setStoredBytes(stored)
                        .setCompression(first.compression())
                        .setKernel(first.kernel())
                        .setBootId(first.boot())
                        .build();
        run.saved(saving -> saving.setMemoryImage(image));
    }

    /**
     * What a run has uploaded, by its list.
     *
     * @param after last byte of what was listed before
     */
    private List<MemoryPart> list(MemoryBatch batch, long after) {
        String name = MemoryPart.listName(batch.first());
        TriageBucket.Received received = receive(name, batch.listBytes(), batch.listBytes());
        requireSame(
                name, received, batch.listBytes(), batch.listSha256(), "the host's report says");
        List<MemoryPart> parts = new ArrayList<>();
        long end = after;
        for (String line : received.start().toString(UTF_8).lines().toList()) {
            MemoryPart part =
                    MemoryPart.parse(line)
                            .orElseThrow(() -> reading.refuted(place(name) + " is no list"));
            boolean follows =
                    part.number() == batch.first() + parts.size()
                            && part.start() > end
                            && part.length() > 0
                            && part.length() <= config.partKib() * 1024L
                            && part.storedBytes() <= config.mostBytes();
            if (!follows) {
                throw reading.refuted(
                        "%s lists a part %d that cannot be".formatted(place(name), part.number()));
            }
            parts.add(part);
            end = part.end();
        }
        if (parts.isEmpty() || parts.getLast().number() != batch.last()) {
            throw reading.refuted(place(name) + " does not list what the host says");
        }
        return parts;
    }

    private void check(MemoryPart part) {
        String name = MemoryPart.name(part.number());
        requireSame(
                name,
                receive(name, part.storedBytes(), 0),
                part.storedBytes(),
                part.sha256(),
                "the host lists");
    }

    private TriageBucket.Received receive(String name, long most, int kept) {
        return reading.read(
                place(name), progress -> bucket.receive(prefix + name, most, kept, progress));
    }

    /** A presigned URL binds neither size nor content. */
    private void requireSame(
            String name, TriageBucket.Received received, long bytes, String sha256, String source) {
        if (received.size() != bytes || !received.sha256().equals(sha256)) {
            throw reading.refuted(
                    "%s is not what %s (%d bytes, SHA-256 %s): somebody else has put it there"
                            .formatted(place(name), source, bytes, sha256));
        }
        triage.kmsKey()
                .filter(kmsKey -> !kmsKey.equals(received.kmsKey()))
                .ifPresent(kmsKey -> {
                    throw reading.refuted(place(name) + " is not encrypted under " + kmsKey);
                });
    }

    /** The same bytes whoever writes it: one that is there already is ours, or not right. */
    private void manifest(List<MemoryBatch> batches, List<MemoryPart> parts) {
        byte[] content = json(batches, parts);
        String sha256 = sha256(content);
        PlannedCall call =
                PlannedCall.newBuilder()
                        .setOperation(PUT)
                        .putParameters("Bucket", bucketName)
                        .putParameters("Key", prefix + MANIFEST)
                        .putParameters("IfNoneMatch", "*")
                        .build();
        try {
            run.call(call, () -> bucket.put(prefix + MANIFEST, content));
        } catch (S3Exception e) {
            if (!AwsErrors.code(e).equals(EXISTS)) {
                throw e;
            }
        }
        TriageBucket.Received received = receive(MANIFEST, content.length, 0);
        requireSame(MANIFEST, received, content.length, sha256, "was written");
        run.saved(saving ->
                saving.setMemoryImage(
                        image().toBuilder()
                                .setManifestKey(prefix + MANIFEST)
                                .setManifestSha256(sha256)
                                .setManifestVersionId(received.versionId())));
    }

    private byte[] json(List<MemoryBatch> batches, List<MemoryPart> parts) {
        Action action = run.action();
        MemoryBatch first = batches.getFirst();
        JsonArrayBuilder lists = Json.createArrayBuilder();
        batches.forEach(batch ->
                lists.add(
                        Json.createObjectBuilder()
                                .add("name", MemoryPart.listName(batch.first()))
                                .add("sha256", batch.listSha256())));
        JsonArrayBuilder listed = Json.createArrayBuilder();
        parts.forEach(part ->
                listed.add(
                        Json.createObjectBuilder()
                                .add("name", MemoryPart.name(part.number()))
                                .add("start", Long.toHexString(part.start()))
                                .add("end", Long.toHexString(part.end()))
                                .add("storedBytes", part.storedBytes())
                                .add("sha256", part.sha256())));
        JsonObjectBuilder manifest =
                Json.createObjectBuilder()
                        .add("action", action.getName())
                        .add("accountId", action.getTarget().getScope().getAccountId())
                        .add("region", action.getTarget().getScope().getRegion())
                        .add("instanceId", action.getTarget().getInstanceId())
                        .add("kernel", first.kernel())
                        .add("bootId", first.boot())
                        .add("format", "LiME 1, " + first.compression() + " for each part")
                        .add("sizeBytes", first.bytes())
                        .add("missingBytes", first.missingBytes())
                        .add("lists", lists)
                        .add("parts", listed);
        return (manifest.build() + "\n").getBytes(UTF_8);
    }

    private static String sha256(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static long stored(List<MemoryPart> parts) {
        return parts.stream().mapToLong(MemoryPart::storedBytes).sum();
    }

    private String place(String name) {
        return "s3://" + bucketName + "/" + prefix + name;
    }
}
