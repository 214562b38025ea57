package dev.yagura.inventory.reconcile;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.Timestamp;
import dev.yagura.inventory.asset.Observation;
import dev.yagura.proto.inventory.v1.Asset;
import dev.yagura.proto.inventory.v1.AssetRelation;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Configuration items, as an advanced query of AWS Config returns them, as observations. What is
 * long without bound is bounded, and the asset says what was left out.
 */
final class ConfigItems {
    static final int MAX_CONFIGURATION_BYTES = 256 * 1024;

    private static final Set<String> DELETED =
            Set.of("ResourceDeleted", "ResourceDeletedNotRecorded");
    static final String DELETED_WHILE_RECORDED = "ResourceDeleted";

    private static final Set<String> DESCRIBED = Set.of("", "OK", "ResourceDiscovered");
    private static final Set<String> IN_NO_ZONE =
            Set.of("Not Applicable", "Multiple Availability Zones", "Regional");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SUPPLEMENTARY = "supplementaryConfiguration";

    private ConfigItems() {}

    static boolean isDeleted(String status) {
        return DELETED.contains(status);
    }

    /** Whether an item of that status describes a resource that exists and is recorded. */
    static boolean isDescription(String status) {
        return DESCRIBED.contains(status);
    }

    /**
     * Empty for an item that does not describe a resource that exists: deleted, or no longer
     * recorded.
     *
     * @throws IllegalArgumentException for an item without id or time, or other JSON
     */
    static Optional<Observation> observation(String result) {
        JsonNode item = read(result);
        return isDescription(status(item)) ? Optional.of(described(item)) : Optional.empty();
    }

    static String status(JsonNode item) {
        return text(item, "configurationItemStatus");
    }

    /**
     * What any item tells: of a deleted resource its names, and when that was.
     *
     * @param item as a query of AWS Config returns it, or as a notification has it
     * @throws IllegalArgumentException for an item without id or time
     */
    static Observation described(JsonNode item) {
        String id = text(item, "resourceId");
        Instant captured =
                time(item, "configurationItemCaptureTime")
                        .orElseThrow(() ->
                                new IllegalArgumentException(
                                        "no capture time: '%s'".formatted(id)));
        if (id.isBlank() || id.indexOf(0) >= 0) {
            throw new IllegalArgumentException("no resourceId");
        }
        Asset.Builder asset =
                Asset.newBuilder()
                        .setResourceName(text(item, "resourceName"))
                        .setArn(first(item, "arn", "ARN"))
                        .setAvailabilityZone(zone(item))
                        .setCaptureTime(timestamp(captured));
        time(item, "resourceCreationTime")
                .ifPresent(created -> asset.setResourceCreateTime(timestamp(created)));
        tags(item.path("tags"), asset);
        Relations.put(Stream.concat(relations(item), configured(item)), asset);
        String configuration = configuration(item);
        int bytes = configuration.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > MAX_CONFIGURATION_BYTES) {
            asset.setOmittedConfigurationBytes(bytes);
            configuration = "";
        }
        return new Observation(id, "", asset.build(), Optional.of(configuration), captured);
    }

    /** Queries return a list of keys and values, notifications an object. */
    private static void tags(JsonNode tags, Asset.Builder asset) {
        if (tags.isObject()) {
            tags.properties()
                    .forEach(tag -> asset.putTags(tag.getKey(), tag.getValue().asText("")));
        } else {
            tags.forEach(tag -> asset.putTags(text(tag, "key"), text(tag, "value")));
        }
    }

    private static JsonNode read(String result) {
        try {
            return JSON.readTree(result);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("no JSON: " + e.getOriginalMessage(), e);
        }
    }

    /** Some relations have a name of the other resource only. */
    private static Stream<AssetRelation> relations(JsonNode item) {
        return elements(item.path("relationships"))
                .map(each ->
                        Relations.of(
                                first(each, "relationshipName", "name"),
                                text(each, "resourceType"),
                                first(each, "resourceId", "resourceName")));
    }

    /** What AWS Config tells only in the configuration: profiles of a role, targets of a group. */
    private static Stream<AssetRelation> configured(JsonNode item) {
        JsonNode configuration = item.path("configuration");
        return Stream.concat(
                elements(configuration.path("instanceProfileList"))
                        .map(each -> Relations.withProfile(text(each, "arn"))),
                elements(configuration.path("targetGroupARNs"))
                        .map(each -> Relations.withTargetGroup(each.asText(""))));
    }

    private static Stream<JsonNode> elements(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false);
    }

    /** With what AWS Config reads by other calls of the service, where there is something. */
    private static String configuration(JsonNode item) {
        JsonNode node = item.path("configuration");
        JsonNode supplementary = item.path(SUPPLEMENTARY);
        if (node instanceof ObjectNode object && !supplementary.isEmpty()) {
            object.set(SUPPLEMENTARY, supplementary);
        }
        return switch (node.getNodeType()) {
            case MISSING, NULL -> "";
            // PostgreSQL has no zero byte in a text.
            case STRING -> node.textValue().replace("\0", "");
            default -> node.toString();
        };
    }

    private static String zone(JsonNode item) {
        String zone = text(item, "availabilityZone");
        return IN_NO_ZONE.contains(zone) ? "" : zone;
    }

    private static String first(JsonNode item, String field, String other) {
        String value = text(item, field);
        return value.isEmpty() ? text(item, other) : value;
    }

    private static String text(JsonNode item, String field) {
        return item.path(field).asText("");
    }

    private static Optional<Instant> time(JsonNode item, String field) {
        String text = text(item, field);
        try {
            return text.isEmpty() ? Optional.empty() : Optional.of(Instant.parse(text));
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(field + " is no time: " + text, e);
        }
    }

    private static Timestamp timestamp(Instant time) {
        return Timestamp.newBuilder()
                .setSeconds(time.getEpochSecond())
                .setNanos(time.getNano())
                .build();
    }
}
