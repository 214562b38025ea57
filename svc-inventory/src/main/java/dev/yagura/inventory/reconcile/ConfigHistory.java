package dev.yagura.inventory.reconcile;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.yagura.common.aws.AwsAnswers;
import dev.yagura.common.aws.AwsClients;
import dev.yagura.inventory.asset.Asset;
import dev.yagura.inventory.asset.AssetSet;
import dev.yagura.inventory.asset.RecordedHistory;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.config.ConfigClient;
import software.amazon.awssdk.services.config.model.ConfigurationItem;
import software.amazon.awssdk.services.config.model.GetResourceConfigHistoryResponse;
import software.amazon.awssdk.services.config.model.ResourceNotDiscoveredException;

/** AWS Config's GetResourceConfigHistory: one page, asked while somebody waits. */
@ApplicationScoped
class ConfigHistory implements RecordedHistory {
    /** The most that a call answers. */
    private static final int LIMIT = 100;

    /** Anyone who may read may ask: that must not use up what AWS allows an account. */
    private static final int AT_ONCE = 4;

    /** Types that are read live. */
    private static final Set<String> RECORDED_TOO =
            Set.of(Asset.INSTANCE, Asset.FUNCTION, AssetSets.SCALING_GROUP);

    private static final ObjectMapper JSON = new ObjectMapper();

    private final ClientByScope<ConfigClient> clients;
    private final Semaphore free = new Semaphore(AT_ONCE);

    @Inject
    ConfigHistory(AwsClients clients) {
        this.clients = new ClientByScope<>(scope -> clients.client(ConfigClient.builder(), scope));
    }

    @Override
    public Items before(AssetSet set, String nativeId, Instant time) {
        if (!isRecorded(set.resourceType())) {
            return new Items(List.of(), "AWS Config records nothing of " + set.resourceType());
        }
        if (!free.tryAcquire()) {
            return new Items(List.of(), "AWS Config is being asked by others; try again");
        }
        try {
            return ask(set, nativeId, time);
        } catch (ResourceNotDiscoveredException e) {
            return new Items(List.of(), "AWS Config has nothing of it from before");
        } catch (SdkException e) {
            return new Items(List.of(), "AWS Config does not answer: " + AwsAnswers.text(e));
        } finally {
            free.release();
        }
    }

    private static boolean isRecorded(String resourceType) {
        return AssetSets.RECORDED.contains(resourceType) || RECORDED_TOO.contains(resourceType);
    }

    private Items ask(AssetSet set, String nativeId, Instant time) {
        GetResourceConfigHistoryResponse answer =
                clients.of(set.scope())
                        .getResourceConfigHistory(request ->
                                request.resourceType(set.resourceType())
                                        .resourceId(nativeId)
                                        .laterTime(time)
                                        .limit(LIMIT));
        List<Item> items = new ArrayList<>();
        String problem =
                answer.nextToken() == null || answer.nextToken().isEmpty()
                        ? ""
                        : "AWS Config has more from before these";
        for (ConfigurationItem each : answer.configurationItems()) {
            String status = each.configurationItemStatusAsString();
            boolean deleted = ConfigItems.isDeleted(status);
            // The one that was captured at the time itself is known.
            if (each.configurationItemCaptureTime().isBefore(time)
                    && (deleted || ConfigItems.isDescription(status))) {
                try {
                    items.add(new Item(ConfigItems.described(json(each)), deleted));
                } catch (IllegalArgumentException e) {
                    problem = "an item of AWS Config cannot be read: " + e.getMessage();
                }
            }
        }
        return new Items(items, problem);
    }

    @PreDestroy
    void close() {
        clients.close();
    }

    /** As a notification has it. */
    private static JsonNode json(ConfigurationItem item) {
        ObjectNode into = JSON.createObjectNode();
        into.put("resourceId", item.resourceId())
                .put("resourceName", item.resourceName())
                .put("arn", item.arn())
                .put("availabilityZone", item.availabilityZone())
                .put("configurationItemCaptureTime", text(item.configurationItemCaptureTime()))
                .put("configurationItemStatus", item.configurationItemStatusAsString())
                .put("resourceCreationTime", text(item.resourceCreationTime()));
        ObjectNode tags = into.putObject("tags");
        item.tags().forEach(tags::put);
        ArrayNode relations = into.putArray("relationships");
        item.relationships()
                .forEach(each ->
                        relations
                                .addObject()
                                .put("relationshipName", each.relationshipName())
                                .put("resourceType", each.resourceTypeAsString())
                                .put("resourceId", each.resourceId())
                                .put("resourceName", each.resourceName()));
        into.set("configuration", parsed(item.configuration()));
        ObjectNode supplementary = into.putObject("supplementaryConfiguration");
        item.supplementaryConfiguration()
                .forEach((name, value) -> supplementary.set(name, parsed(value)));
        return into;
    }

    private static String text(@Nullable Instant time) {
        return Objects.toString(time, "");
    }

    /** A configuration is a text that has JSON, but for some types. */
    private static JsonNode parsed(@Nullable String text) {
        String given = Objects.requireNonNullElse(text, "");
        try {
            return JSON.readTree(given);
        } catch (JsonProcessingException e) {
            return TextNode.valueOf(given);
        }
    }
}
