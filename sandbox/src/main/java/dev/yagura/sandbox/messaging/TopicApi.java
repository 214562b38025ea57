package dev.yagura.sandbox.messaging;

import dev.yagura.sandbox.wire.Api;
import dev.yagura.sandbox.wire.ApiFault;
import dev.yagura.sandbox.wire.Body;
import dev.yagura.sandbox.wire.Call;
import dev.yagura.sandbox.wire.Operation;
import dev.yagura.sandbox.wire.Parameters;
import dev.yagura.sandbox.wire.Protocol;
import dev.yagura.sandbox.wire.Xml;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;

/** SNS: attributes of a topic, and one message to it. */
public final class TopicApi {
    private static final int LARGEST_MESSAGE = 256 * 1024;

    /** Printable ASCII that begins with a letter, digit or mark, at most 100 characters. */
    private static final Pattern SUBJECT = Pattern.compile("[!-~][ -~]{0,99}");

    private final Channels channels;
    private final Clock clock;

    private TopicApi(Channels channels, Clock clock) {
        this.channels = channels;
        this.clock = clock;
    }

    public static Api of(Channels channels, Clock clock) {
        TopicApi api = new TopicApi(channels, clock);
        return Api.of(
                "sns",
                Protocol.QUERY,
                "2010-03-31",
                "http://sns.amazonaws.com/doc/2010-03-31/",
                false,
                List.of(
                        Operation.named("GetTopicAttributes", api::attributes)
                                .needs("TopicArn")
                                .on(TopicApi::arn),
                        Operation.named("Publish", api::publish)
                                .needs("TopicArn", "Message")
                                .knows(
                                        "Subject",
                                        "MessageGroupId",
                                        "MessageDeduplicationId",
                                        "MessageAttributes.entry.N.Name",
                                        "MessageAttributes.entry.N.Value.DataType",
                                        "MessageAttributes.entry.N.Value.StringValue")
                                .on(TopicApi::arn)));
    }

    private static List<String> arn(Parameters parameters) {
        return List.of(parameters.text("TopicArn").orElse("*"));
    }

    private Body attributes(Call call) {
        String arn = topic(call.parameters());
        return Xml.ofMembers()
                .element(
                        "Attributes",
                        xml -> {
                            entry(xml, "TopicArn", arn);
                            entry(xml, "Owner", channels.owner());
                            if (Channels.isFifo(arn)) {
                                entry(xml, "FifoTopic", "true");
                                entry(xml, "ContentBasedDeduplication", "false");
                            }
                        })
                .body();
    }

    private static void entry(Xml xml, String key, String value) {
        xml.element("entry", each -> each.text("key", key).text("value", value));
    }

    private Body publish(Call call) {
        Parameters parameters = call.parameters();
        String arn = topic(parameters);
        check(parameters, Channels.isFifo(arn));
        String id =
                Channels.isFifo(arn)
                        ? channels.take(
                                arn, parameters.required("MessageDeduplicationId"), clock.instant())
                        : UUID.randomUUID().toString();
        return Xml.ofMembers().text("MessageId", id).body();
    }

    private static void check(Parameters parameters, boolean fifo) {
        int size = parameters.required("Message").getBytes(StandardCharsets.UTF_8).length;
        if (size > LARGEST_MESSAGE) {
            throw invalid("Message too long");
        }
        if (parameters
                .text("Subject")
                .filter(each -> !SUBJECT.matcher(each).matches())
                .isPresent()) {
            throw invalid("Subject");
        }
        if (fifo && !parameters.has("MessageGroupId")) {
            throw invalid("The MessageGroupId parameter is required for FIFO topics");
        }
        if (fifo && !parameters.has("MessageDeduplicationId")) {
            throw invalid(
                    "The topic should either have ContentBasedDeduplication enabled or"
                            + " MessageDeduplicationId provided explicitly");
        }
        if (!fifo && parameters.has("MessageDeduplicationId")) {
            throw invalid(
                    "The request includes MessageDeduplicationId parameter that is not valid for"
                            + " this topic type");
        }
    }

    private static ApiFault invalid(String what) {
        return ApiFault.of("InvalidParameter", "Invalid parameter: %s", what);
    }

    private String topic(Parameters parameters) {
        String arn = parameters.required("TopicArn");
        if (!channels.hasTopic(arn)) {
            throw new ApiFault("NotFound", 404, "Topic does not exist");
        }
        return arn;
    }
}
