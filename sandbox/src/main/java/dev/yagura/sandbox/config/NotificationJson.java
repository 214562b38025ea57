package dev.yagura.sandbox.config;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.yagura.sandbox.world.Account;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** Notifications of a change, whole or as a summary. */
final class NotificationJson {
    private final Account account;

    NotificationJson(Account account) {
        this.account = account;
    }

    ObjectNode notification(Item item, Optional<Item> before, Instant now) {
        Description subject = item.subject().describe(account);
        ObjectNode into = Json.object();
        ObjectNode diff = into.putObject("configurationItemDiff");
        ObjectNode changed = diff.putObject("changedProperties").putObject("Configuration");
        diff.put("changeType", changeType(item, before));
        Optional<ObjectNode> previous =
                before.filter(each -> !each.status().isDeleted())
                        .map(each -> each.subject().describe(account).configuration());
        previous.ifPresentOrElse(
                each -> changed.set("previousValue", each), () -> changed.putNull("previousValue"));
        if (item.status().isRecorded()) {
            changed.set("updatedValue", subject.configuration());
        } else {
            changed.putNull("updatedValue");
        }
        changed.put("changeType", changeType(item, before));
        ObjectNode described = into.putObject("configurationItem");
        describe(described, item, subject);
        described.putArray("relatedEvents");
        ObjectNode tags = described.putObject("tags");
        ArrayNode relationships = described.putArray("relationships");
        if (item.status().isRecorded()) {
            subject.tags().forEach(tags::put);
            for (Relationship each : subject.relationships()) {
                relationships
                        .addObject()
                        .put("resourceId", each.to().id())
                        .putNull("resourceName")
                        .put("resourceType", each.to().type())
                        .put("name", each.name());
            }
            described.set("configuration", subject.configuration());
            described.set("supplementaryConfiguration", subject.supplementary());
        } else {
            described.putNull("configuration");
            described.putObject("supplementaryConfiguration");
        }
        return end(into, "ConfigurationItemChangeNotification", "1.3", now);
    }

    /** Without where the whole is. */
    ObjectNode summary(Item item, Optional<Item> before, Instant now) {
        ObjectNode into = Json.object();
        ObjectNode summary =
                into.putObject("configurationItemSummary")
                        .put("changeType", changeType(item, before));
        describe(summary, item, item.subject().describe(account));
        return end(into, "OversizedConfigurationItemChangeNotification", "1.0", now);
    }

    private void describe(ObjectNode into, Item item, Description subject) {
        into.put("configurationItemVersion", "1.3")
                .put("configurationItemCaptureTime", item.capturedAt().toString())
                .put("configurationStateId", item.capturedAt().toEpochMilli())
                .put("awsAccountId", account.id())
                .put("configurationItemStatus", item.status().text())
                .put("resourceType", item.key().type())
                .put("resourceId", item.key().id())
                .put("resourceName", subject.name())
                .put("ARN", subject.arn())
                .put("awsRegion", subject.region())
                .put("availabilityZone", subject.zone())
                .put("configurationStateMd5Hash", "")
                .put(
                        "resourceCreationTime",
                        subject.created() == null ? null : subject.created().toString());
    }

    private static ObjectNode end(ObjectNode into, String type, String version, Instant now) {
        return into.put("notificationCreationTime", now.truncatedTo(ChronoUnit.MILLIS).toString())
                .put("messageType", type)
                .put("recordVersion", version);
    }

    private static String changeType(Item item, Optional<Item> before) {
        if (item.status().isDeleted()) {
            return "DELETE";
        }
        return before.filter(each -> !each.status().isDeleted()).isPresent() ? "UPDATE" : "CREATE";
    }
}
