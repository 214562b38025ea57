package dev.yagura.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.eventbridge.model.PutEventsResultEntry;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sns.SnsClient;

/** SNS, EventBridge and Step Functions: what they take once, and what they refuse. */
class OutsideTest {
    private static final String TOPIC = "arn:aws:sns:ap-northeast-1:111122223333:security";
    private static final String MACHINE =
            "arn:aws:states:ap-northeast-1:111122223333:stateMachine:";

    @RegisterExtension static final SandboxExtension SANDBOX = new SandboxExtension();

    @Test
    void aFifoTopicTakesOneOfTwoCopies() {
        try (SnsClient sns = SANDBOX.topics()) {
            String first = publish(sns, "a");

            assertThat(publish(sns, "a")).isEqualTo(first);
            assertThat(publish(sns, "b")).isNotEqualTo(first);
            SANDBOX.control().advance(Duration.ofMinutes(6));
            assertThat(publish(sns, "a")).isNotEqualTo(first);
            refused(
                    "InvalidParameter",
                    () -> sns.publish(r -> r.topicArn(TOPIC + ".fifo").message("x")));
            refused(
                    "InvalidParameter",
                    () -> sns.publish(r -> r.topicArn(TOPIC).message("x").subject("a\nb")));
            refused("NotFound", () -> sns.publish(r -> r.topicArn(TOPIC + "2").message("x")));
        }
    }

    private static String publish(SnsClient sns, String id) {
        return sns.publish(r ->
                        r.topicArn(TOPIC + ".fifo")
                                .message("x")
                                .messageGroupId("g")
                                .messageDeduplicationId(id))
                .messageId();
    }

    @Test
    void anEventThatIsWrongFailsAlone() {
        try (EventBridgeClient events = SANDBOX.buses()) {
            assertThat(put(events, "security", "{}").eventId()).isNotEmpty();
            assertThat(put(events, "security", "[]").errorCode()).isEqualTo("MalformedDetail");
            assertThat(put(events, "other", "{}").errorCode()).isEqualTo("InvalidArgument");
            refused(
                    "ResourceNotFoundException",
                    () -> events.describeEventBus(r -> r.name("other")));
        }
    }

    private static PutEventsResultEntry put(EventBridgeClient events, String bus, String detail) {
        return events.putEvents(r ->
                        r.entries(e ->
                                e.eventBusName(bus).source("s").detailType("t").detail(detail)))
                .entries()
                .getFirst();
    }

    @Test
    void anExecutionIsOneForItsName() {
        try (SfnClient states = SANDBOX.stateMachines()) {
            String arn = start(states, "forensics", "{}");

            assertThat(start(states, "forensics", "{}")).isEqualTo(arn);
            refused("ExecutionAlreadyExists", () -> start(states, "forensics", "{\"a\":1}"));
            assertThat(status(states, arn)).isEqualTo("RUNNING");
            SANDBOX.control().advance(Duration.ofHours(3));
            assertThat(status(states, arn)).isEqualTo("SUCCEEDED");
            refused("ExecutionAlreadyExists", () -> start(states, "forensics", "{}"));
            refused("StateMachineDoesNotExist", () -> start(states, "other", "{}"));
            refused("InvalidExecutionInput", () -> start(states, "broken", "{"));
            refused("ExecutionDoesNotExist", () -> status(states, start(states, "quick", "{}")));
        }
    }

    private static String start(SfnClient states, String machine, String input) {
        return states.startExecution(
                        r -> r.stateMachineArn(MACHINE + machine).name("once").input(input))
                .executionArn();
    }

    private static String status(SfnClient states, String arn) {
        return states.describeExecution(r -> r.executionArn(arn)).statusAsString();
    }

    private static void refused(String code, Runnable call) {
        assertThatThrownBy(call::run)
                .isInstanceOfSatisfying(
                        AwsServiceException.class,
                        e -> assertThat(e.awsErrorDetails().errorCode()).startsWith(code));
    }
}
