package dev.yagura.response.action;

import dev.yagura.common.config.InvalidSettingException;
import dev.yagura.common.config.Settings;
import dev.yagura.proto.response.v1.ActionKind;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Section "action".
 *
 * @param lease a runner that wrote nothing for so long is taken for dead
 * @param poll how late work of another process is seen
 * @param deadline how long applying, or undoing, may take in all
 * @param attempts how often it is tried
 * @param retryPause before the second attempt; doubled for each further one, up to 30 s, with
 *     jitter
 * @param concurrency actions that one process runs at a time
 * @param proposalExpiry how long a proposal, or what needs a second person, can be approved
 * @param watchInterval how often actions in force are read back; zero for never
 * @param automationPerHour actions that programs may start in one account within an hour
 * @param twoPersonKinds kinds of actions that start only when two persons want them
 */
public record ActionConfig(
        Duration lease,
        Duration poll,
        Duration deadline,
        int attempts,
        Duration retryPause,
        int concurrency,
        Duration proposalExpiry,
        Duration watchInterval,
        int automationPerHour,
        Set<ActionKind> twoPersonKinds) {

    private static final String KIND_PREFIX = "ACTION_KIND_";

    public static ActionConfig from(Settings settings) {
        Settings action = settings.section("action");
        return new ActionConfig(
                action.duration(
                        "lease",
                        Duration.ofSeconds(45),
                        "A process that wrote nothing about its action for so long is taken for"
                                + " dead; longer than aws.call-timeout."),
                action.duration(
                        "poll",
                        Duration.ofSeconds(1),
                        "How late an action that another process left is seen."),
                action.duration(
                        "deadline",
                        Duration.ofMinutes(10),
                        "How long applying, or undoing, may take with all attempts."),
                action.integer("attempts", 8, 1, 100, "How often applying, or undoing, is tried."),
                action.duration(
                        "retry-pause",
                        Duration.ofSeconds(1),
                        "Pause before the second attempt; doubled for each further one, at most"
                                + " 30 s, with jitter."),
                action.integer(
                        "concurrency", 8, 1, 256, "Actions that one process runs at a time."),
                action.duration(
                        "proposal-expiry",
                        Duration.ofHours(24),
                        "How long a proposal, or what needs a second person, can be approved."),
                action.duration(
                        "watch-interval",
                        Duration.ofMinutes(5),
                        "How often isolations and containments in force are read back, and done"
                                + " again where others changed something; PT0S for never."),
                action.integer(
                        "automation-per-hour",
                        20,
                        0,
                        100_000,
                        "Actions that programs, by tokens for automation, may start in one account"
                                + " within an hour; what they ask for beyond waits for a person."),
                twoPersonKinds(action));
    }

    private static Set<ActionKind> twoPersonKinds(Settings action) {
        Set<ActionKind> kinds = EnumSet.noneOf(ActionKind.class);
        for (String name :
                action.texts(
                        "two-person-kinds",
                        List.of(),
                        "Kinds of actions that start only when a second person has approved them,"
                                + " such as isolate_instance.")) {
            try {
                kinds.add(ActionKind.valueOf(KIND_PREFIX + name.toUpperCase(Locale.ROOT)));
            } catch (IllegalArgumentException e) {
                throw new InvalidSettingException(
                        "yagura.response.action.two-person-kinds",
                        name + " is no kind of action; write one like isolate_instance");
            }
        }
        return Set.copyOf(kinds);
    }
}
