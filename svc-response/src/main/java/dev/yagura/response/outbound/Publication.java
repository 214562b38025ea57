package dev.yagura.response.outbound;

import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.PlannedCall;
import dev.yagura.proto.response.v1.PublishTarget;
import dev.yagura.proto.type.v1.Scope;
import jakarta.json.Json;
import jakarta.json.JsonReader;
import java.io.StringReader;
import java.util.Map;
import software.amazon.awssdk.services.eventbridge.model.PutEventsRequest;
import software.amazon.awssdk.services.sns.model.MessageAttributeValue;
import software.amazon.awssdk.services.sns.model.PublishRequest;

/**
 * What one action publishes: each attempt is the same, so that whoever gets it twice can tell.
 *
 * @param action name of the action
 */
record Publication(ActionTarget target, String action) {
    static final String PUBLISH = "sns:Publish";
    static final String PUT_EVENTS = "events:PutEvents";
    static final String SOURCE = "dev.yagura";

    private static final String ATTRIBUTE = "yagura-action";
    private static final String MEMBER = "yaguraAction";
    private static final String GROUP = "yagura";
    private static final String FIFO = ".fifo";

    private PublishTarget what() {
        return target.getPublish();
    }

    boolean isTopic() {
        return what().hasTopicArn();
    }

    /** ARN of the topic or the bus. */
    String arn() {
        if (isTopic()) {
            return what().getTopicArn();
        }
        String bus = what().getEventBus();
        Scope scope = target.getScope();
        return bus.startsWith("arn:")
                ? bus
                : "arn:%s:events:%s:%s:event-bus/%s"
                        .formatted(
                                scope.getPartition(), scope.getRegion(), scope.getAccountId(), bus);
    }

    private boolean isFifo() {
        return what().getTopicArn().endsWith(FIFO);
    }

    private String id() {
        return action.substring(action.indexOf('/') + 1);
    }

    PublishRequest message() {
        PublishRequest.Builder request =
                PublishRequest.builder()
                        .topicArn(arn())
                        .message(what().getMessage())
                        .messageAttributes(
                                Map.of(
                                        ATTRIBUTE,
                                        MessageAttributeValue.builder()
                                                .dataType("String")
                                                .stringValue(action)
                                                .build()));
        if (!what().getSubject().isEmpty()) {
            request.subject(what().getSubject());
        }
        if (isFifo()) {
            request.messageGroupId(GROUP).messageDeduplicationId(id());
        }
        return request.build();
    }

    PutEventsRequest event() {
        return PutEventsRequest.builder()
                .entries(entry ->
                        entry.eventBusName(arn())
                                .source(SOURCE)
                                .detailType(what().getSubject())
                                .detail(detail()))
                .build();
    }

    /** The message with the action in it. */
    private String detail() {
        try (JsonReader reader = Json.createReader(new StringReader(what().getMessage()))) {
            return Json.createObjectBuilder(reader.readObject())
                    .add(MEMBER, action)
                    .build()
                    .toString();
        }
    }

    /** As it is written down: without the message, which the target has. */
    PlannedCall call() {
        PlannedCall.Builder call =
                PlannedCall.newBuilder().setOperation(isTopic() ? PUBLISH : PUT_EVENTS);
        if (!isTopic()) {
            return call.putParameters("EventBusName", arn())
                    .putParameters("Source", SOURCE)
                    .putParameters("DetailType", what().getSubject())
                    .build();
        }
        call.putParameters("TopicArn", arn());
        if (!what().getSubject().isEmpty()) {
            call.putParameters("Subject", what().getSubject());
        }
        if (isFifo()) {
            call.putParameters("MessageGroupId", GROUP)
                    .putParameters("MessageDeduplicationId", id());
        }
        return call.build();
    }

    /** Whether AWS makes one of several attempts, for five minutes. */
    boolean isDeduplicated() {
        return isTopic() && isFifo();
    }
}
