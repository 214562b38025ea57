package dev.yagura.sandbox.config;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.yagura.sandbox.storage.Buckets;
import dev.yagura.sandbox.wire.ApiFault;
import dev.yagura.sandbox.world.Account;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.zip.GZIPOutputStream;

/**
 * Tells items to queues, in the shapes of AWS Config's developer guide ("Notifications that AWS
 * Config sends to an Amazon SNS topic", "Monitoring AWS Config with Amazon EventBridge").
 */
final class Notifications {
    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("yyyy/M/d").withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter SECOND =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    private final Account account;
    private final Buckets buckets;
    private final NotificationJson json;
    private final List<Channel> channels = new ArrayList<>();
    private final List<Pending> pending = new ArrayList<>();

    /** An item that is not told yet, with the one before it. */
    private record Pending(Item item, Optional<Item> before) {}

    Notifications(Account account, Buckets buckets) {
        this.account = account;
        this.buckets = buckets;
        this.json = new NotificationJson(account);
    }

    /** One channel a queue; another for the same queue takes its place. */
    void tell(Channel channel) {
        channels.removeIf(each -> each.queue() == channel.queue());
        channels.add(channel);
    }

    /** What is not recorded is not told. */
    void add(Item item, Optional<Item> before) {
        boolean told = item.status().isRecorded() || item.status() == Item.Status.DELETED;
        if (told && !channels.isEmpty()) {
            pending.add(new Pending(item, before));
        }
    }

    void send(Instant now) {
        if (pending.isEmpty()) {
            return;
        }
        List<Pending> due = new ArrayList<>();
        pending.removeIf(each -> !each.item.deliveredAt().isAfter(now) && due.add(each));
        for (Pending each : due) {
            channels.forEach(channel -> send(each, channel, now));
        }
    }

    private void send(Pending told, Channel channel, Instant now) {
        ObjectNode whole = json.notification(told.item, told.before, now);
        ObjectNode notification =
                bytes(whole).length > channel.limit()
                        ? oversized(told, channel, whole, now)
                        : whole;
        String body =
                switch (channel.form()) {
                    case SNS_RAW -> notification.toString();
                    case SNS -> envelope(told.item, notification, now).toString();
                    case EVENT_BRIDGE -> event(told.item, notification, now).toString();
                };
        channel.queue().send(body, Duration.ZERO, now);
    }

    private ObjectNode oversized(Pending told, Channel channel, ObjectNode whole, Instant now) {
        ObjectNode summary = json.summary(told.item, told.before, now);
        ObjectNode delivery = summary.putObject("s3DeliverySummary");
        String key = key(told.item);
        try {
            if (channel.bucket() == null) {
                throw new ApiFault("NoSuchBucket", 404, "there is none");
            }
            buckets.put(channel.bucket(), key, zipped(bytes(whole)), now);
            delivery.put("s3BucketLocation", channel.bucket() + "/" + key)
                    .putNull("errorCode")
                    .putNull("errorMessage");
        } catch (ApiFault e) {
            delivery.putNull("s3BucketLocation")
                    .put("errorCode", e.code())
                    .put(
                            "errorMessage",
                            "Failed to deliver notification to bucket: %s for account %s in region"
                                            .formatted(channel.bucket(), account.id())
                                    + " "
                                    + account.region()
                                    + ".");
        }
        return summary;
    }

    private String key(Item item) {
        String type = item.key().type();
        String id = item.key().id();
        return "AWSLogs/%s/Config/%s/%s/OversizedChangeNotification/%s/%s/"
                        .formatted(
                                account.id(),
                                account.region(),
                                DAY.format(item.capturedAt()),
                                type,
                                id)
                + "%s_Config_%s_ChangeNotification_%s_%s_%s_%s.json.gz"
                        .formatted(
                                account.id(),
                                account.region(),
                                type,
                                id,
                                SECOND.format(item.capturedAt()),
                                item.capturedAt().toEpochMilli());
    }

    private ObjectNode envelope(Item item, ObjectNode notification, Instant now) {
        String topic = account.arn("sns", "config-topic");
        return Json.object()
                .put("Type", "Notification")
                .put("MessageId", UUID.randomUUID().toString())
                .put("TopicArn", topic)
                .put(
                        "Subject",
                        "[AWS Config:%s] %s %s %s in Account %s"
                                .formatted(
                                        account.region(),
                                        item.key().type(),
                                        item.key().id(),
                                        item.status().isDeleted() ? "Deleted" : "Updated",
                                        account.id()))
                .put("Message", notification.toString())
                .put("Timestamp", now.truncatedTo(ChronoUnit.MILLIS).toString())
                .put("SignatureVersion", "1")
                .put("Signature", "c2FuZGJveA==")
                .put(
                        "SigningCertURL",
                        "https://sns.%s.amazonaws.com/s.pem".formatted(account.region()))
                .put(
                        "UnsubscribeURL",
                        "https://sns.%s.amazonaws.com/?Action=Unsubscribe&SubscriptionArn=%s"
                                .formatted(account.region(), topic));
    }

    private ObjectNode event(Item item, ObjectNode notification, Instant now) {
        ObjectNode event =
                Json.object()
                        .put("version", "0")
                        .put("id", UUID.randomUUID().toString())
                        .put("detail-type", "Config Configuration Item Change")
                        .put("source", "aws.config")
                        .put("account", account.id())
                        .put("time", now.truncatedTo(ChronoUnit.SECONDS).toString())
                        .put("region", account.region());
        event.putArray("resources").add(item.subject().describe(account).arn());
        event.set("detail", notification);
        return event;
    }

    private static byte[] bytes(ObjectNode json) {
        return json.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] zipped(byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream zip = new GZIPOutputStream(out)) {
            zip.write(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }
}
