package dev.yagura.inventory.change;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/**
 * What AWS Config sent: as the detail of an event, as the text in an envelope of SNS, or as it is.
 * Shapes are those of AWS Config's developer guide, "Notifications that AWS Config sends to an
 * Amazon SNS topic".
 */
sealed interface Notification {
    ObjectMapper JSON = new ObjectMapper();

    /** A configuration item. */
    record Whole(JsonNode item) implements Notification {}

    /**
     * One that is too large for a message.
     *
     * @param summary the item without what is large
     * @param location bucket and key of the whole notification; empty if it is nowhere
     * @param problem why it is nowhere
     */
    record Oversized(JsonNode summary, String location, String problem) implements Notification {}

    /** Something else that AWS Config tells: rules, snapshots, histories. */
    record Other(String type) implements Notification {}

    /**
     * Reads the body of a message.
     *
     * @throws UnreadableException it is none
     */
    static Notification parse(String body) {
        JsonNode message = json(body);
        if (message.has("detail-type")) {
            return of(message.path("detail"));
        }
        JsonNode wrapped = message.path("Message");
        if (wrapped.isMissingNode()) {
            return of(message);
        }
        if (message.path("Type").asText().equals("SubscriptionConfirmation")) {
            throw new UnreadableException(
                    "topic %s waits until the subscription of this queue is confirmed: open its"
                                    .formatted(message.path("TopicArn").asText())
                            + " SubscribeURL");
        }
        return of(wrapped.isObject() ? wrapped : json(withoutPreface(wrapped.asText())));
    }

    /**
     * The item in the text of a notification, or that it is.
     *
     * @throws UnreadableException the text is no JSON object
     */
    static JsonNode item(String text) {
        JsonNode whole = json(text);
        return whole.path("configurationItem").isObject() ? whole.path("configurationItem") : whole;
    }

    private static Notification of(JsonNode notification) {
        String type = notification.path("messageType").asText("");
        return switch (type) {
            case "ConfigurationItemChangeNotification" ->
                    new Whole(required(notification, "configurationItem"));
            case "OversizedConfigurationItemChangeNotification" -> oversized(notification);
            case "" -> throw new UnreadableException("no notification: it has no messageType");
            default -> new Other(type);
        };
    }

    private static Notification oversized(JsonNode notification) {
        JsonNode delivery = notification.path("s3DeliverySummary");
        return new Oversized(
                required(notification, "configurationItemSummary"),
                delivery.path("s3BucketLocation").asText(""),
                delivery.path("errorCode").asText("")
                        + " "
                        + delivery.path("errorMessage").asText(""));
    }

    private static JsonNode required(JsonNode from, String member) {
        JsonNode node = from.path(member);
        if (!node.isObject()) {
            throw new UnreadableException("the notification has no " + member);
        }
        return node;
    }

    /** Some topics have a text for people before the JSON. */
    private static String withoutPreface(String text) {
        return text.substring(Math.max(0, text.indexOf('{')));
    }

    private static JsonNode json(String text) {
        try {
            JsonNode node = JSON.readTree(text);
            if (node == null || !node.isObject()) {
                throw new UnreadableException("no JSON object");
            }
            return node;
        } catch (JsonProcessingException e) {
            throw new UnreadableException("no JSON: " + e.getOriginalMessage());
        }
    }
}
