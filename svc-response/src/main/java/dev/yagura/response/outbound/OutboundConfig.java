package dev.yagura.response.outbound;

import dev.yagura.common.config.InvalidSettingException;
import dev.yagura.common.config.Settings;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Sections "publish" and "state-machine".
 *
 * @param topics ARNs of SNS topics that may be published to
 * @param buses ARNs of EventBridge buses that events may be put to
 * @param stateMachines ARNs of state machines that may be started
 * @param deadline how long an execution may take
 * @param poll pause between two looks at an execution
 */
public record OutboundConfig(
        List<String> topics,
        List<String> buses,
        List<String> stateMachines,
        Duration deadline,
        Duration poll) {
    static final String TOPICS = "yagura.response.publish.topics";
    static final String BUSES = "yagura.response.publish.buses";
    static final String STATE_MACHINES = "yagura.response.state-machine.allowed";

    private static final String PLACE = ":[a-z0-9-]+:[0-9]{12}:";
    private static final Pattern TOPIC =
            Pattern.compile("arn:aws[a-z-]*:sns" + PLACE + "[A-Za-z0-9_-]{1,256}(\\.fifo)?");
    private static final Pattern BUS =
            Pattern.compile("arn:aws[a-z-]*:events" + PLACE + "event-bus/[A-Za-z0-9._/-]{1,256}");
    private static final Pattern STATE_MACHINE =
            Pattern.compile(
                    "arn:aws[a-z-]*:states"
                            + PLACE
                            + "stateMachine:[A-Za-z0-9_-]{1,80}(:[A-Za-z0-9_.-]{1,80})?");

    public OutboundConfig {
        topics = List.copyOf(topics);
        buses = List.copyOf(buses);
        stateMachines = List.copyOf(stateMachines);
    }

    public static OutboundConfig from(Settings settings) {
        Settings publish = settings.section("publish");
        Settings machine = settings.section("state-machine");
        return new OutboundConfig(
                arns(
                        publish.texts(
                                "topics",
                                List.of(),
                                "ARNs of SNS topics that publish may publish to."),
                        TOPIC,
                        TOPICS),
                arns(
                        publish.texts(
                                "buses",
                                List.of(),
                                "ARNs of EventBridge buses that publish may put events to."),
                        BUS,
                        BUSES),
                arns(
                        machine.texts(
                                "allowed",
                                List.of(),
                                "ARNs of state machines, versions or aliases that"
                                        + " start_state_machine may start."),
                        STATE_MACHINE,
                        STATE_MACHINES),
                machine.duration(
                        "deadline", Duration.ofHours(24), "How long an execution is followed."),
                machine.duration(
                        "poll",
                        Duration.ofSeconds(10),
                        "Pause between two looks at an execution."));
    }

    private static List<String> arns(List<String> texts, Pattern form, String key) {
        for (String text : texts) {
            if (!form.matcher(text).matches()) {
                throw new InvalidSettingException(
                        key, text + " is no ARN of its kind; wildcards are not taken");
            }
        }
        return texts;
    }

    /** For people. */
    static String listed(List<String> arns) {
        return arns.isEmpty() ? "none" : String.join(", ", arns);
    }
}
