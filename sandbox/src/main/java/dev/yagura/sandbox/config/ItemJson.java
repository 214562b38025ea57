package dev.yagura.sandbox.config;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.yagura.sandbox.world.Account;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Items as the operations write them. */
final class ItemJson {
    private final Account account;

    ItemJson(Account account) {
        this.account = account;
    }

    /** As BatchGetResourceConfig does: without tags and relationships. */
    ObjectNode base(Item item) {
        Description subject = item.subject().describe(account);
        ObjectNode into = Json.object();
        into.put("version", "1.3")
                .put("accountId", account.id())
                .put("configurationItemStatus", item.status().text())
                .put("configurationStateId", Long.toString(item.capturedAt().toEpochMilli()))
                .put("arn", subject.arn())
                .put("resourceType", item.key().type())
                .put("resourceId", item.key().id())
                .put("awsRegion", subject.region())
                .put("availabilityZone", subject.zone())
                .put("recordingFrequency", "CONTINUOUS");
        time(into, "configurationItemCaptureTime", item.capturedAt());
        if (subject.name() != null) {
            into.put("resourceName", subject.name());
        }
        if (subject.created() != null) {
            time(into, "resourceCreationTime", subject.created());
        }
        if (item.status().isRecorded()) {
            into.put("configuration", subject.configuration().toString());
        }
        // A map of texts here, objects in the results of queries.
        ObjectNode supplementary = into.putObject("supplementaryConfiguration");
        subject.supplementary()
                .properties()
                .forEach(each -> supplementary.put(each.getKey(), each.getValue().toString()));
        return into;
    }

    /** As GetResourceConfigHistory does. */
    ObjectNode whole(Item item) {
        Description subject = item.subject().describe(account);
        ObjectNode into = base(item);
        into.putArray("relatedEvents");
        ObjectNode tags = into.putObject("tags");
        ArrayNode relationships = into.putArray("relationships");
        if (item.status().isRecorded()) {
            subject.tags().forEach(tags::put);
            subject.relationships().forEach(each -> write(relationships.addObject(), each));
        }
        return into;
    }

    /** The properties of one result of a query; what a resource does not have is left out. */
    String selected(Item item, List<String> properties) {
        Description subject = item.subject().describe(account);
        ObjectNode into = Json.object();
        for (String property : properties) {
            select(into, property, item, subject);
        }
        return into.toString();
    }

    private void select(ObjectNode into, String property, Item item, Description subject) {
        switch (property) {
            case Query.ID -> into.put(property, item.key().id());
            case Query.TYPE -> into.put(property, item.key().type());
            case "resourceName" -> {
                if (subject.name() != null) {
                    into.put(property, subject.name());
                }
            }
            case "accountId" -> into.put(property, account.id());
            case "awsRegion" -> into.put(property, subject.region());
            case "arn" -> into.put(property, subject.arn());
            case "availabilityZone" -> into.put(property, subject.zone());
            case "tags" -> tags(into.putArray(property), subject.tags());
            case "relationships" -> {
                ArrayNode list = into.putArray(property);
                subject.relationships().forEach(each -> write(list.addObject(), each));
            }
            case "configuration" -> into.set(property, subject.configuration());
            case "supplementaryConfiguration" -> into.set(property, subject.supplementary());
            case "configurationItemCaptureTime" -> into.put(property, item.capturedAt().toString());
            case "configurationItemStatus" -> into.put(property, item.status().text());
            case "resourceCreationTime" -> {
                if (subject.created() != null) {
                    into.put(property, subject.created().toString());
                }
            }
            default -> throw new IllegalStateException("a query has no property " + property);
        }
    }

    private static void tags(ArrayNode into, Map<String, String> tags) {
        tags.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(tag ->
                        into.addObject()
                                .put("tag", tag.getKey() + "=" + tag.getValue())
                                .put("key", tag.getKey())
                                .put("value", tag.getValue()));
    }

    private static void write(ObjectNode into, Relationship relationship) {
        into.put("resourceType", relationship.to().type())
                .put("resourceId", relationship.to().id())
                .put("relationshipName", relationship.name());
    }

    /** Seconds since 1970 with milliseconds, as JSON 1.1 has them. */
    static void time(ObjectNode into, String name, Instant time) {
        into.put(name, BigDecimal.valueOf(time.toEpochMilli(), 3));
    }
}
