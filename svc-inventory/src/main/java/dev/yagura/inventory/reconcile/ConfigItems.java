package dev.yagura.inventory.reconcile;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
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
    private static final Set<String> DESCRIBED = Set.of("", "OK", "ResourceDiscovered");
    private static final Set<String> IN_NO_ZONE =
            Set.of("Not Applicable", "Multiple Availability Zones", "Regional");
    private static final ObjectMapper JSON = new ObjectMapper();

    private ConfigItems() {}

    static boolean isDeleted(String status) {
        return DELETED.contains(status);
    }

    /**
     * Empty for an item that does not describe a resource that exists: deleted, or no longer
     * recorded.
     *
     * @throws IllegalArgumentException for an item without id or time, or other JSON
     */
    static Optional<Observation> observation(String result) {
        JsonNode item = read(result);
        if (!DESCRIBED.contains(text(item, "configurationItemStatus"))) {
            return Optional.empty();
        }
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
                        .setArn(text(item, "arn"))
                        .setAvailabilityZone(zone(item))
                        .setCaptureTime(timestamp(captured));
        time(item, "resourceCreationTime")
                .ifPresent(created -> asset.setResourceCreateTime(timestamp(created)));
        item.path("tags").forEach(tag -> asset.putTags(text(tag, "key"), text(tag, "value")));
        Relations.put(Stream.concat(relations(item), configured(item)), asset);
        String configuration = configuration(item);
        int bytes = configuration.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > MAX_CONFIGURATION_BYTES) {
            asset.setOmittedConfigurationBytes(bytes);
            configuration = "";
        }
        return Optional.of(
                new Observation(id, "", asset.build(), Optional.of(configuration), captured));
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
                        .map(each ->
                                Relations.of(
                                        "Is associated with TargetGroup",
                                        "AWS::ElasticLoadBalancingV2::TargetGroup",
                                        each.asText(""))));
    }

    private static Stream<JsonNode> elements(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false);
    }

    private static String configuration(JsonNode item) {
        JsonNode node = item.path("configuration");
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
