package dev.yagura.inventory.reconcile;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;

/**
 * What the recorders of all scopes tell, in another order than it was sent in, some of it twice.
 */
final class WorldMessages {
    private static final String QUEUE = "world";
    private static final int DELIVERIES = 3;

    private final CloudWorld world;
    private final News news;
    private final SplittableRandom random;
    private final WorldStory story;
    private final List<Message> waiting = new ArrayList<>();

    /** A message, and how often it was received. */
    private record Message(JsonNode item, int receives) {}

    WorldMessages(CloudWorld world, News news, SplittableRandom random, WorldStory story) {
        this.world = world;
        this.news = news;
        this.random = random;
        this.story = story;
    }

    void start() {
        CloudWorld.SCOPES.forEach(scope -> {
            world.at(scope).queue(QUEUE);
            world.at(scope).recorder().tell(QUEUE, "event-bridge");
        });
    }

    /** At most so many; the others come later. */
    void deliver(int most) {
        CloudWorld.SCOPES.forEach(scope ->
                world.at(scope).queue(QUEUE).take().stream()
                        .map(WorldFacts::json)
                        .forEach(body ->
                                waiting.add(
                                        new Message(
                                                body.path("detail").path("configurationItem"),
                                                0))));
        Collections.shuffle(waiting, new Random(random.nextLong()));
        List<Message> now = List.copyOf(waiting.subList(0, Math.min(most, waiting.size())));
        waiting.removeAll(now);
        for (Message message : now) {
            take(message);
            if (random.nextInt(4) == 0) {
                take(message);
            }
        }
    }

    private void take(Message message) {
        String what =
                "%s %s %s %s: "
                        .formatted(
                                message.item.path("configurationItemStatus").asText(),
                                message.item.path("resourceType").asText(),
                                message.item.path("resourceId").asText(),
                                message.item.path("configurationItemCaptureTime").asText());
        try {
            story.note(what + news.take(message.item));
        } catch (IllegalArgumentException e) {
            throw e;
        } catch (RuntimeException e) {
            story.note(what + e.getMessage());
            if (message.receives < DELIVERIES) {
                waiting.add(new Message(message.item, message.receives + 1));
            }
        }
    }
}
