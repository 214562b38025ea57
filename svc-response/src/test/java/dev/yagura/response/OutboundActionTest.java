package dev.yagura.response;

import static dev.yagura.response.ActionOutcome.succeeded;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionState;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.CreateActionRequest;
import dev.yagura.proto.response.v1.PublishTarget;
import dev.yagura.proto.response.v1.StateMachineTarget;
import dev.yagura.sandbox.front.JournalEntry;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** publish and start_state_machine through the public contract, with the product's role. */
class OutboundActionTest {
    private static final String HERE = ":ap-northeast-1:111122223333:";
    private static final String TOPIC = "arn:aws:sns" + HERE + "security";
    private static final String MISSING = "arn:aws:sns" + HERE + "missing";
    private static final String BUS = "arn:aws:events" + HERE + "event-bus/security";
    private static final String MACHINES = "arn:aws:states" + HERE + "stateMachine:";

    @RegisterExtension
    static final TestService SERVICE =
            TestService.with(
                    Map.of(
                            "yagura.response.publish.topics",
                            TOPIC + "," + MISSING,
                            "yagura.response.publish.buses",
                            BUS,
                            "yagura.response.state-machine.allowed",
                            MACHINES + "forensics," + MACHINES + "broken," + MACHINES + "quick",
                            "yagura.response.state-machine.poll",
                            "PT0.05S",
                            "yagura.response.action.poll",
                            "PT0.05S"));

    /** Executions take as long as the sandbox's clock says. */
    private static final TestResponder RESPONDER =
            new TestResponder(SERVICE, Duration.ofMinutes(20));

    @Test
    void publishesToATopicAndABus() throws Exception {
        long before = SERVICE.lastCall();

        Action told = RESPONDER.apply(publish(toTopic(TOPIC).setSubject("Contained")));
        Action put = RESPONDER.apply(publish(toBus("security")));

        succeeded(told);
        succeeded(put);
        JournalEntry message = done(before, "sns:Publish");
        assertThat(message.parameters())
                .containsEntry("TopicArn", TOPIC)
                .containsEntry("Subject", "Contained")
                .containsEntry("Message", "{\"host\": \"web-1\"}")
                .containsEntry("MessageAttributes.entry.1.Name", "yagura-action")
                .containsEntry("MessageAttributes.entry.1.Value.StringValue", told.getName());
        JournalEntry event = done(before, "events:PutEvents");
        assertThat(event.parameters())
                .containsEntry("Entries.1.EventBusName", BUS)
                .containsEntry("Entries.1.Source", "dev.yagura")
                .containsEntry("Entries.1.DetailType", "Host contained")
                .containsEntry(
                        "Entries.1.Detail",
                        "{\"host\":\"web-1\",\"yaguraAction\":\"" + put.getName() + "\"}");
        assertThat(told.getVerifications(0).getDetail()).startsWith("SNS took it as ");
        assertThat(put.getVerifications(0).getDetail()).startsWith("EventBridge took it as ");
        assertThatThrownBy(() -> RESPONDER.undo(told)).hasMessageContaining("cannot be undone");
        PolicyFile.assertFits(SERVICE, "publish", before);
    }

    @Test
    void aPlanOfAMessageChangesNothing() {
        long before = SERVICE.lastCall();

        Action planned = RESPONDER.plan(publish(toTopic(TOPIC)));

        assertThat(planned.getPlan().getCallsList())
                .singleElement()
                .satisfies(call -> {
                    assertThat(call.getOperation()).isEqualTo("sns:Publish");
                    assertThat(call.getParametersMap()).isEqualTo(Map.of("TopicArn", TOPIC));
                });
        assertThat(String.join("\n", planned.getPlan().getResidualRisksList()))
                .contains("a second copy");
        assertThat(SERVICE.sandbox().journal(before))
                .allMatch(entry -> entry.operation().matches("(sns|sts):(Get|Assume).*"));
    }

    @Test
    void publishesOnlyWhereItIsAllowedAndToWhatExists() {
        refused(publish(toTopic(TOPIC + "2")), "security2 is not; allowed: " + TOPIC);
        refused(publish(toTopic(MISSING)), "it exists: " + MISSING);
        refused(publish(toBus("default")), "event-bus/default is not; allowed: " + BUS);
        refused(
                publish(toTopic("arn:aws:sns:eu-west-1:111122223333:security")),
                "is no ARN of sns in the account and region of the scope");
        refused(publish(toTopic(TOPIC).setMessage("web-1")), "is no JSON object");
        refused(publish(toTopic(TOPIC).setSubject("two\nlines")), "is no subject of SNS");
        refused(publish(toBus("security").setSubject("")), "target.publish.subject");
        refused(
                publish(PublishTarget.newBuilder().setMessage("{}")),
                "send topic_arn or event_bus");
    }

    /** Its own denials have another code than those of other services. */
    @Test
    void aMissingPermissionNamesThePolicy() {
        SERVICE.sandbox().fail("sns:Publish", "AuthorizationError", 403);

        Action action = RESPONDER.apply(publish(toTopic(TOPIC).setSubject("Denied")));

        assertThat(action.getState()).isEqualTo(ActionState.ACTION_STATE_FAILED);
        assertThat(action.getStateReason())
                .contains("deploy/policies/publish.json", "nothing was changed");
    }

    @Test
    void followsAnExecutionForHours() throws Exception {
        long before = SERVICE.lastCall();

        Action action = RESPONDER.apply(start("forensics", "{\"host\": \"web-1\"}"));

        succeeded(action);
        assertThat(action.getExecution().getStatus()).isEqualTo("SUCCEEDED");
        assertThat(action.getExecution().getOutput()).isEqualTo("{\"host\": \"web-1\"}");
        assertThat(SERVICE.calls(before, "states:StartExecution")).isEqualTo(1);
        assertThat(SERVICE.calls(before, "states:DescribeExecution")).isGreaterThan(1);
        assertThatThrownBy(() -> RESPONDER.undo(action)).hasMessageContaining("cannot be undone");
        PolicyFile.assertFits(SERVICE, "start_state_machine", before);
    }

    @Test
    void anExecutionThatFailsFailsTheAction() {
        Action action = RESPONDER.apply(start("broken", ""));

        assertThat(action.getState()).isEqualTo(ActionState.ACTION_STATE_FAILED);
        assertThat(action.getStateReason())
                .contains("ended as FAILED: Forensics.Failed: it was told to", "stop-execution");
        assertThat(action.getVerifications(0).getPassed()).isFalse();
    }

    @Test
    void startsOnlyWhatIsAllowedAndCanBeFollowed() {
        refused(start("other", ""), "stateMachine:other is not; allowed: ");
        refused(start("quick", ""), "it is EXPRESS");
        refused(start("forensics", "[1]"), "is no JSON object");
        Action planned = RESPONDER.plan(start("forensics", "{\"secret\": 1}"));
        assertThat(planned.getPlan().toString()).doesNotContain("secret");
    }

    private static void refused(CreateActionRequest.Builder request, String text) {
        assertThatThrownBy(() -> RESPONDER.create(request))
                .isInstanceOf(StatusRuntimeException.class)
                .hasMessageContaining(text);
    }

    private static JournalEntry done(long since, String operation) {
        return SERVICE.sandbox().journal(since).stream()
                .filter(entry -> entry.operation().equals(operation))
                .filter(entry -> entry.result().equals("ok"))
                .reduce((first, second) -> {
                    throw new AssertionError("twice: " + operation);
                })
                .orElseThrow();
    }

    private static PublishTarget.Builder toTopic(String arn) {
        return PublishTarget.newBuilder().setTopicArn(arn).setMessage("{\"host\": \"web-1\"}");
    }

    private static PublishTarget.Builder toBus(String bus) {
        return PublishTarget.newBuilder()
                .setEventBus(bus)
                .setSubject("Host contained")
                .setMessage("{\"host\": \"web-1\"}");
    }

    private static CreateActionRequest.Builder publish(PublishTarget.Builder target) {
        return TestResponder.request(
                ActionKind.ACTION_KIND_PUBLISH,
                ActionTarget.newBuilder().setScope(TestService.TOKYO).setPublish(target).build());
    }

    private static CreateActionRequest.Builder start(String machine, String input) {
        return TestResponder.request(
                ActionKind.ACTION_KIND_START_STATE_MACHINE,
                ActionTarget.newBuilder()
                        .setScope(TestService.TOKYO)
                        .setStateMachine(
                                StateMachineTarget.newBuilder()
                                        .setArn(MACHINES + machine)
                                        .setInput(input))
                        .build());
    }
}
