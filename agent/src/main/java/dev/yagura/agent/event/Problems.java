package dev.yagura.agent.event;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What is wrong now, in words, one text a topic. They are in the heartbeat and in the status. */
public final class Problems {
    private static final int MOST_TOPICS = 20;
    private static final int LONGEST_TEXT = 300;

    private final Map<String, String> texts = new LinkedHashMap<>();

    /** Says or replaces the problem of a topic; beyond 20 topics new ones are left out. */
    public synchronized void say(String topic, String text) {
        if (texts.containsKey(topic) || texts.size() < MOST_TOPICS) {
            texts.put(topic, text.substring(0, Math.min(text.length(), LONGEST_TEXT)));
        }
    }

    public synchronized void solved(String topic) {
        texts.remove(topic);
    }

    public synchronized List<String> current() {
        return List.copyOf(texts.values());
    }
}
