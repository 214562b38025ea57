package dev.yagura.response;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionState;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.PublishTarget;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;

/** publish against an emulator that is not ours, with queues that get what is published. */
class MotoPublishTest {
    private static final String HERE = ":ap-northeast-1:123456789012:";
    private static final String TOPIC = "arn:aws:sns" + HERE + "security";
    private static final String BUS = "arn:aws:events" + HERE + "event-bus/security";

    @RegisterExtension
    static final MotoAccount ACCOUNT =
            MotoAccount.with(
                    Map.of(
                            "yagura.response.publish.topics", TOPIC,
                            "yagura.response.publish.buses", BUS));

    private static SqsClient queues;

    @BeforeAll
    static void subscribe() {
        queues = ACCOUNT.client(SqsClient.builder());
        try (SnsClient topics = ACCOUNT.client(SnsClient.builder());
                EventBridgeClient buses = ACCOUNT.client(EventBridgeClient.builder())) {
            topics.createTopic(r -> r.name("security"));
            topics.subscribe(r -> r.topicArn(TOPIC).protocol("sqs").endpoint(queue("of-topic")));
            buses.createEventBus(r -> r.name("security"));
            buses.putRule(r ->
                    r.name("all")
                            .eventBusName("security")
                            .eventPattern("{\"source\":[\"dev.yagura\"]}"));
            String arn = queue("of-bus");
            buses.putTargets(r ->
                    r.rule("all").eventBusName("security").targets(t -> t.id("queue").arn(arn)));
        }
    }

    @AfterAll
    static void closeClients() {
        queues.close();
    }

    private static String queue(String name) {
        queues.createQueue(r -> r.queueName(name));
        return "arn:aws:sqs" + HERE + name;
    }

    @Test
    void aQueueGetsWhatATopicGot() {
        Action action =
                publish(
                        PublishTarget.newBuilder()
                                .setTopicArn(TOPIC)
                                .setSubject("Contained")
                                .setMessage("{\"host\":\"web-1\"}"));

        assertThat(received("of-topic"))
                .contains("Contained", "{\\\"host\\\":\\\"web-1\\\"}", "yagura-action")
                .contains(action.getName(), action.getPublishState().getMessageId());
    }

    @Test
    void aQueueGetsWhatABusGot() {
        Action action =
                publish(
                        PublishTarget.newBuilder()
                                .setEventBus("security")
                                .setSubject("Host contained")
                                .setMessage("{\"host\":\"web-1\"}"));

        assertThat(received("of-bus"))
                .contains("dev.yagura", "Host contained", "web-1")
                .contains(action.getName());
    }

    private static Action publish(PublishTarget.Builder target) {
        Action action =
                ACCOUNT.responder()
                        .apply(
                                TestResponder.request(
                                        ActionKind.ACTION_KIND_PUBLISH,
                                        ActionTarget.newBuilder()
                                                .setScope(MotoAccount.SCOPE)
                                                .setPublish(target)
                                                .build()));
        assertThat(action.getState())
                .as(action.getStateReason())
                .isEqualTo(ActionState.ACTION_STATE_SUCCEEDED);
        return action;
    }

    private static String received(String queue) {
        String url = queues.getQueueUrl(r -> r.queueName(queue)).queueUrl();
        return queues.receiveMessage(r -> r.queueUrl(url).waitTimeSeconds(5)).messages().stream()
                .map(Message::body)
                .findFirst()
                .orElse("nothing");
    }
}
