package dev.yagura.inventory.change;

import com.fasterxml.jackson.databind.JsonNode;
import dev.yagura.inventory.reconcile.News;
import java.util.List;

/** Brings what one message says to the assets. */
final class ChangeHandler {
    private static final List<String> IDENTITY =
            List.of("awsAccountId", "awsRegion", "resourceType", "resourceId");

    private final News news;
    private final ItemObjects objects;

    ChangeHandler(News news, ItemObjects objects) {
        this.news = news;
        this.objects = objects;
    }

    /** What became of a message. */
    enum Outcome {
        /** An asset is another than before. */
        CHANGED,
        /** Known before, or of no asset that is read. */
        NOTHING_NEW,
        /** Of an account, region or type that is not read, or no change of a resource. */
        NOT_READ,
        /** It may go better the next time. */
        FAILED,
        /** It will not. */
        UNREADABLE
    }

    /**
     * Applies it; when this returns, the transaction is committed.
     *
     * @throws UnreadableException it cannot be read, ever
     */
    Outcome handle(ChangeQueue queue, String body) {
        return switch (Notification.parse(body)) {
            case Notification.Other other -> Outcome.NOT_READ;
            case Notification.Whole(JsonNode item) -> take(item);
            case Notification.Oversized oversized ->
                    take(
                            news.needsWhole(oversized.summary())
                                    ? whole(queue, oversized)
                                    : oversized.summary());
        };
    }

    private Outcome take(JsonNode item) {
        try {
            return switch (news.take(item)) {
                case CHANGED -> Outcome.CHANGED;
                case NOTHING_NEW -> Outcome.NOTHING_NEW;
                case NOT_READ -> Outcome.NOT_READ;
            };
        } catch (IllegalArgumentException e) {
            throw new UnreadableException("no configuration item: " + e.getMessage());
        }
    }

    /** What lies there must be what the message is about. */
    private JsonNode whole(ChangeQueue queue, Notification.Oversized oversized) {
        String location = oversized.location();
        if (location.isEmpty()) {
            throw new UnreadableException(
                    "AWS Config could not put the item into its bucket: " + oversized.problem());
        }
        JsonNode item = Notification.item(objects.read(queue.scope(), location));
        for (String member : IDENTITY) {
            if (!item.path(member).equals(oversized.summary().path(member))) {
                throw new UnreadableException(
                        "%s has another %s than the message".formatted(location, member));
            }
        }
        return item;
    }
}
