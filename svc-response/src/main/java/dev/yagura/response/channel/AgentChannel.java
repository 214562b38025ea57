package dev.yagura.response.channel;

import dev.yagura.common.ids.ResourceName;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;

/**
 * The channel of one agent, as its row is now.
 *
 * @param version of the agent, by its word like all that follows
 * @param root whether it runs as root
 * @param gatewayAddress where its connection leads, as its host sees it; empty when it did not say
 * @param documents that it carries: name and SHA-256
 * @param heard since its last beat, by the database's clock
 * @param waiting commands that wait for it
 */
public record AgentChannel(
        UUID agentId,
        String version,
        boolean root,
        String gatewayAddress,
        Map<String, String> documents,
        Duration heard,
        int waiting) {
    /** Three beats and more. */
    static final Duration SILENCE = Duration.ofSeconds(20);

    public AgentChannel {
        documents = Map.copyOf(documents);
    }

    /** "agents/{uuid}". */
    public String agent() {
        return ResourceName.of("agents", agentId);
    }

    /** Whether it beat lately; a stream that was closed has no row. */
    public boolean isLive() {
        return heard.compareTo(SILENCE) <= 0;
    }
}
