package dev.yagura.sandbox.messaging;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.yagura.sandbox.wire.Api;
import dev.yagura.sandbox.wire.ApiFault;
import dev.yagura.sandbox.wire.Body;
import dev.yagura.sandbox.wire.Call;
import dev.yagura.sandbox.wire.Operation;
import dev.yagura.sandbox.wire.Parameters;
import dev.yagura.sandbox.wire.Protocol;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;

/** SQS in its JSON protocol: messages are sent, received, hidden and deleted; queues described. */
public final class QueueApi {
    /** Prefix of X-Amz-Target. */
    private static final String TARGET = "AmazonSQS";

    private static final String URL = "QueueUrl";
    private static final String RECEIPT = "ReceiptHandle";
    private static final String ENTRIES = "Entries";
    private static final String MOST = "MaxNumberOfMessages";
    private static final String HIDDEN = "VisibilityTimeout";
    private static final String WAIT = "WaitTimeSeconds";
    private static final String DELAY = "DelaySeconds";
    private static final int AT_ONCE = 10;
    private static final int LONGEST_WAIT = 20;
    private static final int LONGEST_DELAY = 900;
    private static final int LONGEST_HIDDEN = 43_200;

    private final Queues queues;
    private final Clock clock;

    private QueueApi(Queues queues, Clock clock) {
        this.queues = queues;
        this.clock = clock;
    }

    /**
     * @param clock by which messages are hidden and delayed; a receiver waits by real time
     */
    public static Api of(Queues queues, Clock clock) {
        QueueApi api = new QueueApi(queues, clock);
        return Api.of(
                "sqs",
                Protocol.JSON,
                "",
                TARGET,
                false,
                List.of(
                        Operation.named("GetQueueUrl", api::url)
                                .needs("QueueName")
                                .knows("QueueOwnerAWSAccountId")
                                .on(p -> List.of(api.arn(p.text("QueueName").orElse("")))),
                        api.onQueue(Operation.named("GetQueueAttributes", api::attributes))
                                .knows("AttributeNames.N"),
                        api.onQueue(Operation.named("SendMessage", api::send))
                                .needs("MessageBody")
                                .knows(DELAY),
                        api.onQueue(Operation.named("ReceiveMessage", api::receive))
                                .knows(
                                        MOST,
                                        HIDDEN,
                                        WAIT,
                                        "AttributeNames.N",
                                        "MessageSystemAttributeNames.N",
                                        "MessageAttributeNames.N")
                                .waits(api::patience),
                        api.onQueue(Operation.named("DeleteMessage", api::delete)).needs(RECEIPT),
                        api.onQueue(Operation.named("DeleteMessageBatch", api::deleteAll))
                                .needs(ENTRIES)
                                .knows(ENTRIES + ".N.Id", ENTRIES + ".N." + RECEIPT),
                        api.onQueue(Operation.named("ChangeMessageVisibility", api::hide))
                                .needs(RECEIPT, HIDDEN)));
    }

    private Operation onQueue(Operation operation) {
        return operation
                .needs(URL)
                .on(p -> {
                    String url = p.text(URL).orElse("");
                    return List.of(arn(url.substring(url.lastIndexOf('/') + 1)));
                });
    }

    private String arn(String name) {
        return queues.find(name).map(Queue::arn).orElse("*");
    }

    private Queue queue(Call call) {
        return queues.byUrl(call.parameters().required(URL)).orElseThrow(QueueApi::unknown);
    }

    private static ApiFault unknown() {
        return ApiFault.of("QueueDoesNotExist", "The specified queue does not exist.");
    }

    private Body url(Call call) {
        String name = call.parameters().required("QueueName");
        Queue queue = queues.find(name).orElseThrow(QueueApi::unknown);
        return new Body.Members(object().put(URL, queues.url(queue.name())));
    }

    private Body attributes(Call call) {
        Queue queue = queue(call);
        ObjectNode all =
                object().put("QueueArn", queue.arn())
                        .put(HIDDEN, Long.toString(queue.visibility().toSeconds()))
                        .put(
                                "ApproximateNumberOfMessages",
                                Long.toString(queue.visible(clock.instant())))
                        .put(
                                "ApproximateNumberOfMessagesNotVisible",
                                Long.toString(queue.size() - queue.visible(clock.instant())));
        queue.redrive()
                .ifPresent(redrive ->
                        all.put(
                                "RedrivePolicy",
                                object().put("deadLetterTargetArn", redrive.to().arn())
                                        .put("maxReceiveCount", redrive.after())
                                        .toString()));
        List<String> wanted = call.parameters().list("AttributeNames");
        if (!wanted.contains("All")) {
            all.retain(wanted);
        }
        ObjectNode answer = object();
        if (!all.isEmpty()) {
            answer.set("Attributes", all);
        }
        return new Body.Members(answer);
    }

    private Body send(Call call) {
        String body = call.parameters().required("MessageBody");
        Duration delay = seconds(call.parameters(), DELAY, 0, LONGEST_DELAY);
        String id = queue(call).send(body, delay, clock.instant());
        return new Body.Members(object().put("MessageId", id).put("MD5OfMessageBody", md5(body)));
    }

    /** Not at all where something is there. */
    private Duration patience(Call call) {
        Duration wait = seconds(call.parameters(), WAIT, 0, LONGEST_WAIT);
        return queue(call).hasVisible(clock.instant()) ? Duration.ZERO : wait;
    }

    private Body receive(Call call) {
        Parameters parameters = call.parameters();
        Queue queue = queue(call);
        int most = number(parameters, MOST, 1, 1, AT_ONCE);
        Duration hidden =
                seconds(parameters, HIDDEN, (int) queue.visibility().toSeconds(), LONGEST_HIDDEN);
        List<String> wanted =
                parameters.has("MessageSystemAttributeNames")
                        ? parameters.list("MessageSystemAttributeNames")
                        : parameters.list("AttributeNames");
        ObjectNode answer = object();
        for (Queue.Message message : queue.receive(most, hidden, clock.instant())) {
            ObjectNode into =
                    answer.withArray("Messages")
                            .addObject()
                            .put("MessageId", message.id())
                            .put(RECEIPT, queue.receipt(message))
                            .put("MD5OfBody", md5(message.body()))
                            .put("Body", message.body());
            ObjectNode attributes = attributes(message);
            if (!wanted.contains("All")) {
                attributes.retain(wanted);
            }
            if (!attributes.isEmpty()) {
                into.set("Attributes", attributes);
            }
        }
        return new Body.Members(answer);
    }

    private static ObjectNode attributes(Queue.Message message) {
        ObjectNode all =
                object().put("ApproximateReceiveCount", Integer.toString(message.receives()))
                        .put("SentTimestamp", Long.toString(message.sentAt().toEpochMilli()));
        message.firstReceivedAt()
                .ifPresent(at ->
                        all.put(
                                "ApproximateFirstReceiveTimestamp",
                                Long.toString(at.toEpochMilli())));
        return all;
    }

    private Body delete(Call call) {
        queue(call).delete(call.parameters().required(RECEIPT));
        return new Body.Members(object());
    }

    private Body deleteAll(Call call) {
        Queue queue = queue(call);
        List<Parameters> entries = call.parameters().structures(ENTRIES);
        if (entries.size() > AT_ONCE) {
            throw ApiFault.of(
                    "TooManyEntriesInBatchRequest",
                    "Maximum number of entries per request are %d. You have sent %d.",
                    AT_ONCE,
                    entries.size());
        }
        ArrayNode successful = JsonNodeFactory.instance.arrayNode();
        ArrayNode failed = JsonNodeFactory.instance.arrayNode();
        for (Parameters entry : entries) {
            try {
                queue.delete(entry.required(RECEIPT));
                successful.addObject().put("Id", entry.required("Id"));
            } catch (ApiFault e) {
                failed.addObject()
                        .put("Id", entry.required("Id"))
                        .put("SenderFault", true)
                        .put("Code", e.code())
                        .put("Message", e.text());
            }
        }
        ObjectNode answer = object();
        answer.set("Successful", successful);
        answer.set("Failed", failed);
        return new Body.Members(answer);
    }

    private Body hide(Call call) {
        queue(call)
                .hide(
                        call.parameters().required(RECEIPT),
                        seconds(call.parameters(), HIDDEN, 0, LONGEST_HIDDEN),
                        clock.instant());
        return new Body.Members(object());
    }

    private static Duration seconds(Parameters parameters, String name, int standard, int most) {
        return Duration.ofSeconds(number(parameters, name, standard, 0, most));
    }

    private static int number(
            Parameters parameters, String name, int standard, int least, int most) {
        int value = parameters.integer(name).orElse(standard);
        if (value < least || value > most) {
            throw ApiFault.of(
                    "InvalidParameterValue",
                    "Value %d for parameter %s is invalid. Reason: Must be between %d and %d, if"
                            + " provided.",
                    value,
                    name,
                    least,
                    most);
        }
        return value;
    }

    /** Clients check it. */
    private static String md5(String text) {
        try {
            return HexFormat.of()
                    .formatHex(
                            MessageDigest.getInstance("MD5")
                                    .digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has MD5", e);
        }
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }
}
