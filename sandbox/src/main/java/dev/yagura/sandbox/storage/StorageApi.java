package dev.yagura.sandbox.storage;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.yagura.sandbox.identity.Directory;
import dev.yagura.sandbox.wire.Api;
import dev.yagura.sandbox.wire.ApiFault;
import dev.yagura.sandbox.wire.Body;
import dev.yagura.sandbox.wire.Call;
import dev.yagura.sandbox.wire.Operation;
import dev.yagura.sandbox.wire.Page;
import dev.yagura.sandbox.wire.Parameters;
import dev.yagura.sandbox.wire.Protocol;
import dev.yagura.sandbox.wire.Xml;
import dev.yagura.sandbox.world.Account;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** S3: PutObject, GetObject and HeadObject, DeleteObject, ListBuckets. */
public final class StorageApi {
    public static final String NAME = "s3";

    private static final String IF_NONE_MATCH = "if-none-match";
    private static final String IF_MATCH = "if-match";
    private static final String CONTENT_MD5 = "content-md5";
    private static final String ENCRYPTION = "x-amz-server-side-encryption";
    private static final String KMS_KEY = "x-amz-server-side-encryption-aws-kms-key-id";
    private static final String VERSION = "x-amz-version-id";
    private static final String KMS = "aws:kms";
    private static final String REGION = "bucket-region";
    private static final String PREFIX = "prefix";
    private static final Page.Rules LIST_PAGES =
            new Page.Rules(
                    "max-buckets",
                    "continuation-token",
                    1,
                    10_000,
                    10_000,
                    "InvalidArgument",
                    "InvalidArgument");

    private final Account account;
    private final Buckets buckets;
    private final Directory directory;
    private final Clock clock;

    private StorageApi(Account account, Buckets buckets, Directory directory, Clock clock) {
        this.account = account;
        this.buckets = buckets;
        this.directory = directory;
        this.clock = clock;
    }

    public static Api of(Account account, Buckets buckets, Directory directory, Clock clock) {
        StorageApi s3 = new StorageApi(account, buckets, directory, clock);
        return Api.of(
                NAME,
                Protocol.REST_XML,
                "",
                "",
                false,
                List.of(
                        s3.on(Operation.named("PutObject", s3::put))
                                .knows(IF_NONE_MATCH, CONTENT_MD5, ENCRYPTION, KMS_KEY),
                        s3.on(Operation.named("GetObject", s3::get))
                                // An MD5 behind the content, which a server may leave out.
                                .knows(IF_MATCH, "x-amz-checksum-mode", "x-amz-te"),
                        s3.on(Operation.named("DeleteObject", s3::delete)),
                        // IAM's name of ListBuckets. Other regions are other worlds.
                        Operation.named("ListAllMyBuckets", s3::list)
                                .needs(REGION)
                                .knows(PREFIX, "max-buckets", "continuation-token")));
    }

    private Operation on(Operation operation) {
        return operation
                .needs(ObjectRequest.BUCKET, ObjectRequest.KEY)
                .on(parameters ->
                        List.of(
                                "arn:%s:s3:::%s/%s"
                                        .formatted(
                                                directory.account().partition(),
                                                parameters.required(ObjectRequest.BUCKET),
                                                parameters.required(ObjectRequest.KEY))));
    }

    private Body put(Call call) {
        Parameters parameters = call.parameters();
        Bucket bucket = buckets.bucket(parameters.required(ObjectRequest.BUCKET));
        String key = parameters.required(ObjectRequest.KEY);
        Optional<String> condition = parameters.text(IF_NONE_MATCH);
        if (condition.isPresent() && !condition.get().equals("*")) {
            throw new ApiFault(
                    "NotImplemented",
                    501,
                    "A header you provided implies functionality that is not implemented");
        }
        requireDigest(call);
        String kmsKey = kmsKey(call);
        if (condition.isPresent() && bucket.objects().containsKey(key)) {
            throw preconditionFailed();
        }
        StoredObject stored =
                new StoredObject(
                        call.content(),
                        "\"" + HexFormat.of().formatHex(md5(call.content())) + "\"",
                        bucket.versioned() ? UUID.randomUUID().toString() : null,
                        kmsKey,
                        clock.instant());
        bucket.objects().put(key, stored);
        return new Body.Content(200, headers(stored), new byte[0]);
    }

    private static void requireDigest(Call call) {
        String found = Base64.getEncoder().encodeToString(md5(call.content()));
        if (!call.parameters().text(CONTENT_MD5).map(found::equals).orElse(true)) {
            throw ApiFault.of(
                    "BadDigest", "The Content-MD5 you specified did not match what we received.");
        }
    }

    /** The key of SSE-KMS, which whoever signed must be allowed to use; null for SSE-S3. */
    private @Nullable String kmsKey(Call call) {
        Optional<String> encryption = call.parameters().text(ENCRYPTION);
        Optional<String> key = call.parameters().text(KMS_KEY);
        boolean kms = encryption.filter(KMS::equals).isPresent();
        if (key.isPresent() != kms || (encryption.isPresent() && !kms)) {
            throw ApiFault.of("InvalidArgument", "The sandbox takes %s with a key", KMS);
        }
        key.ifPresent(arn -> requireKey(call, "kms:GenerateDataKey", arn));
        return key.orElse(null);
    }

    private void requireKey(Call call, String action, String arn) {
        if (!directory.allows(call.principal(), action, arn)) {
            throw new ApiFault(
                    "AccessDenied",
                    403,
                    "User: %s is not authorized to perform: %s on resource: %s"
                            .formatted(call.principal().arn(), action, arn));
        }
    }

    private Body get(Call call) {
        StoredObject stored = stored(call);
        boolean same = call.parameters().text(IF_MATCH).map(stored.etag()::equals).orElse(true);
        if (!same) {
            throw preconditionFailed();
        }
        if (stored.kmsKeyId() != null) {
            requireKey(call, "kms:Decrypt", stored.kmsKeyId());
        }
        Map<String, String> headers = new HashMap<>(headers(stored));
        headers.put("Content-Type", "binary/octet-stream");
        headers.put("Content-Length", String.valueOf(stored.content().length));
        headers.put("Last-Modified", httpDate(stored.modified()));
        return new Body.Content(200, headers, stored.content());
    }

    private StoredObject stored(Call call) {
        Parameters parameters = call.parameters();
        Bucket bucket = buckets.bucket(parameters.required(ObjectRequest.BUCKET));
        StoredObject stored = bucket.objects().get(parameters.required(ObjectRequest.KEY));
        if (stored != null) {
            return stored;
        }
        // S3 tells that a key is not there only to those who may list the bucket.
        String bucketArn =
                "arn:%s:s3:::%s"
                        .formatted(
                                directory.account().partition(),
                                parameters.required(ObjectRequest.BUCKET));
        throw directory.allows(call.principal(), "s3:ListBucket", bucketArn)
                ? new ApiFault("NoSuchKey", 404, "The specified key does not exist.")
                : new ApiFault("AccessDenied", 403, "Access Denied");
    }

    private Body delete(Call call) {
        Parameters parameters = call.parameters();
        buckets.bucket(parameters.required(ObjectRequest.BUCKET))
                .objects()
                .remove(parameters.required(ObjectRequest.KEY));
        return new Body.Content(204, Map.of(), new byte[0]);
    }

    private Body list(Call call) {
        Parameters parameters = call.parameters();
        String region = parameters.required(REGION);
        if (!region.equals(account.region())) {
            throw ApiFault.of("InvalidArgument", "%s is another region's endpoint", region);
        }
        String prefix = parameters.text(PREFIX).orElse("");
        SortedMap<String, Instant> created = buckets.created();
        Page<String> page =
                Page.of(
                        created.keySet().stream().filter(name -> name.startsWith(prefix)).toList(),
                        name -> name,
                        parameters,
                        LIST_PAGES);
        Xml list =
                Xml.ofMembers()
                        .element(
                                "Buckets",
                                all ->
                                        page.items()
                                                .forEach(
                                                        name -> bucket(all, name, created, region)))
                        .element("Owner", owner -> owner.text("ID", account.id()))
                        .text("ContinuationToken", page.nextToken())
                        .text("Prefix", parameters.text(PREFIX));
        String answer =
                "<ListAllMyBucketsResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">%s</ListAllMyBucketsResult>"
                        .formatted(list);
        return new Body.Content(
                200, Map.of("Content-Type", "application/xml"), answer.getBytes(UTF_8));
    }

    private static void bucket(
            Xml all, String name, SortedMap<String, Instant> created, String region) {
        all.element(
                "Bucket",
                bucket ->
                        bucket.text("Name", name)
                                .text("CreationDate", created.get(name))
                                .text("BucketRegion", region));
    }

    private static Map<String, String> headers(StoredObject stored) {
        Map<String, String> headers = new HashMap<>();
        headers.put("ETag", stored.etag());
        headers.put(ENCRYPTION, stored.kmsKeyId() == null ? "AES256" : KMS);
        if (stored.kmsKeyId() != null) {
            headers.put(KMS_KEY, stored.kmsKeyId());
        }
        if (stored.versionId() != null) {
            headers.put(VERSION, stored.versionId());
        }
        return headers;
    }

    private static ApiFault preconditionFailed() {
        return new ApiFault(
                "PreconditionFailed",
                412,
                "At least one of the pre-conditions you specified did not hold");
    }

    private static String httpDate(Instant instant) {
        return DateTimeFormatter.RFC_1123_DATE_TIME.format(instant.atOffset(ZoneOffset.UTC));
    }

    private static byte[] md5(byte[] content) {
        try {
            return MessageDigest.getInstance("MD5").digest(content);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has MD5", e);
        }
    }
}
