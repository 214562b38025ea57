package dev.yagura.response.host;

import dev.yagura.response.channel.AgentChannel;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** By which way a host is given its documents. */
sealed interface HostWay {
    /** Beyond it others wait for longer than an agent may take. */
    int MOST_WAITING = 8;

    /** The channel that its agent keeps open. */
    record ByAgent(AgentChannel channel) implements HostWay {}

    /**
     * Systems Manager.
     *
     * @param why no agent is used
     */
    record BySsm(String why) implements HostWay {}

    /**
     * The agent, where there is one that can; else Systems Manager.
     *
     * @param channels of the host
     * @param documents that must be carried
     * @param objection why this kind cannot go by that channel, if so
     */
    static HostWay choose(
            List<AgentChannel> channels,
            List<HostDocument> documents,
            Function<AgentChannel, Optional<String>> objection) {
        List<AgentChannel> live = channels.stream().filter(AgentChannel::isLive).toList();
        if (live.isEmpty()) {
            return new BySsm(
                    channels.stream()
                            .findFirst()
                            .map(lost ->
                                    "%s was heard last %s ago"
                                            .formatted(lost.agent(), text(lost.heard())))
                            .orElse("no agent of this host has its command channel open"));
        }
        if (live.size() > 1) {
            return new BySsm(
                    "several agents say that they are on this host, and one of them is not: "
                            + live.stream()
                                    .map(AgentChannel::agent)
                                    .sorted()
                                    .collect(Collectors.joining(", "))
                            + "; revoke the one that is not");
        }
        AgentChannel channel = live.getFirst();
        return objection
                .apply(channel)
                .or(() -> unfit(channel, documents))
                .<HostWay>map(BySsm::new)
                .orElseGet(() -> new ByAgent(channel));
    }

    private static Optional<String> unfit(AgentChannel channel, List<HostDocument> documents) {
        if (!channel.root()) {
            return Optional.of(channel.agent() + " does not run as root");
        }
        if (channel.waiting() >= MOST_WAITING) {
            return Optional.of(
                    "%d commands wait for %s already"
                            .formatted(channel.waiting(), channel.agent()));
        }
        return documents.stream()
                .filter(each -> !each.sha256().equals(channel.documents().get(each.title())))
                .findFirst()
                .map(each ->
                        "%s (version %s) carries %s %s: update it"
                                .formatted(
                                        channel.agent(),
                                        channel.version(),
                                        channel.documents().containsKey(each.title())
                                                ? "another"
                                                : "no",
                                        each.title()));
    }

    /** "3 s". */
    static String text(Duration duration) {
        return duration.toSeconds() + " s";
    }
}
