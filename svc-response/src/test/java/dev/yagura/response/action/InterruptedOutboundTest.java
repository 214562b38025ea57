package dev.yagura.response.action;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.proto.detection.v1.Incident;
import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionState;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.OpenTicketTarget;
import dev.yagura.proto.response.v1.PublishTarget;
import dev.yagura.proto.response.v1.StateMachineTarget;
import dev.yagura.response.TestIncidents;
import dev.yagura.response.TestReceiver;
import dev.yagura.response.TestService;
import dev.yagura.response.WebhookFiles;
import dev.yagura.response.outbox.DeliveryStore;
import dev.yagura.sandbox.front.JournalEntry;
import jakarta.enterprise.inject.spi.CDI;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.securityhub.SecurityHubClient;

/**
 * Tickets, messages, executions and findings with runners that die after a write, which is before
 * the next one, and answers that are lost.
 */
class InterruptedOutboundTest {
    private static final TestReceiver TICKETS = TestReceiver.start();
    private static final String TOPIC = "arn:aws:sns:ap-northeast-1:111122223333:security.fifo";
    private static final Incident INCIDENT = TestIncidents.onWeb().build();
    private static final String MACHINE =
            "arn:aws:states:ap-northeast-1:111122223333:stateMachine:forensics";

    @RegisterExtension
    static final IdleService IDLE = IdleService.with(settings(), Duration.ofHours(1));

    private static SecurityHubClient hub;

    private static Map<String, String> settings() {
        Map<String, String> settings =
                new HashMap<>(
                        WebhookFiles.settings(
                                Map.of("tickets", TICKETS.url()), "ticket.requested"));
        settings.put("yagura.response.webhook.poll", "PT0.02S");
        settings.put("yagura.response.webhook.pauses", "PT0.01S");
        settings.put("yagura.response.publish.topics", TOPIC);
        settings.put("yagura.response.state-machine.allowed", MACHINE);
        return settings;
    }

    @BeforeAll
    static void open() {
        IDLE.service().publish(INCIDENT);
        hub =
                IDLE.service()
                        .client(
                                SecurityHubClient.builder(),
                                Region.of(TestService.TOKYO.getRegion()),
                                TestService.OPERATOR);
    }

    @AfterAll
    static void stop() {
        hub.close();
        TICKETS.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void opensOneTicketWhereverItsRunnerDies(boolean afterTheWrite) {
        TICKETS.answerAlways(201, "{\"id\": 42}");
        DyingRunners runners =
                new DyingRunners(
                        IDLE.runs(),
                        IDLE.procedures(),
                        IDLE.config(),
                        IDLE.service().postgres(),
                        InterruptedOutboundTest::untilNothingWaits);
        boolean killed = true;
        for (int step = 1; killed; step++) {
            IDLE.backToTheSeed();
            TICKETS.takeAll();
            UUID id = IDLE.create(ActionKind.ACTION_KIND_OPEN_TICKET, ticket());

            killed = runners.killAt(step, afterTheWrite);
            runners.runToTheEnd();

            Action action = IDLE.ended(id, ActionState.ACTION_STATE_SUCCEEDED);
            assertThat(action.getTicketState().getTicketId()).isEqualTo("42");
            assertThat(TICKETS.takeAll())
                    .singleElement()
                    .satisfies(message ->
                            assertThat(action.getTicketState().getDelivery())
                                    .endsWith(message.id()));
        }
    }

    @Test
    void startsOneExecutionWhereverItsRunnerDies() {
        boolean killed = true;
        for (int step = 1; killed; step++) {
            IDLE.backToTheSeed();
            UUID id = IDLE.create(ActionKind.ACTION_KIND_START_STATE_MACHINE, machine());

            killed = IDLE.runners().killAt(step, true);
            IDLE.runners().runToTheEnd();

            assertStartedOnce(id);
        }
    }

    @Test
    void startsOneExecutionWithLostRepliesAndThrottles() {
        UUID id = IDLE.create(ActionKind.ACTION_KIND_START_STATE_MACHINE, machine());
        for (String operation : List.of("StartExecution", "DescribeExecution")) {
            IDLE.service().sandbox().loseReply("states:" + operation);
            IDLE.service().sandbox().throttle("states:" + operation, 5);
        }

        IDLE.runners().runToTheEnd();

        assertStartedOnce(id);
    }

    /** Every start that AWS took is of the same execution. */
    private static void assertStartedOnce(UUID id) {
        Action action = IDLE.ended(id, ActionState.ACTION_STATE_SUCCEEDED);
        assertThat(action.getExecution().getArn())
                .isEqualTo(MACHINE.replace("stateMachine", "execution") + ":" + id);
        assertThat(action.getExecution().getStatus()).isEqualTo("SUCCEEDED");
        assertThat(action.getExecution().getOutput()).isEqualTo("{\"host\":\"web-1\"}");
        assertThat(done("states:StartExecution"))
                .isNotEmpty()
                .allMatch(entry -> id.toString().equals(entry.parameters().get("name")));
    }

    /** A second copy may be made, and SNS can tell. */
    @Test
    void publishesTheSameWhereverItsRunnerDies() {
        boolean killed = true;
        for (int step = 1; killed; step++) {
            IDLE.backToTheSeed();
            UUID id = IDLE.create(ActionKind.ACTION_KIND_PUBLISH, message());

            killed = IDLE.runners().killAt(step, true);
            IDLE.runners().runToTheEnd();

            assertPublishedTheSame(id);
        }
    }

    @Test
    void saysWhenAnAnswerWasLost() {
        UUID id = IDLE.create(ActionKind.ACTION_KIND_PUBLISH, message());
        IDLE.service().sandbox().loseReply("sns:Publish");
        IDLE.service().sandbox().throttle("sns:Publish", 2);

        IDLE.runners().runToTheEnd();

        assertPublishedTheSame(id);
        assertThat(done("sns:Publish")).hasSize(2);
        assertThat(IDLE.action(id).getPublishState().getUnansweredAttempts()).isEqualTo(1);
        assertThat(IDLE.action(id).getVerifications(0).getDetail())
                .contains("it may be there more than once: 1 attempts");
    }

    private static void assertPublishedTheSame(UUID id) {
        Action action = IDLE.ended(id, ActionState.ACTION_STATE_SUCCEEDED);
        assertThat(action.getPublishState().getMessageId()).isNotEmpty();
        List<JournalEntry> done = done("sns:Publish");
        assertThat(done)
                .isNotEmpty()
                .allMatch(entry ->
                        id.toString().equals(entry.parameters().get("MessageDeduplicationId")));
        assertThat(action.getPublishState().getUnansweredAttempts())
                .as("a copy that nobody knows of")
                .isGreaterThanOrEqualTo(done.size() - 1);
    }

    @Test
    void importsAndArchivesOneFindingWhereverItsRunnerDies() throws Exception {
        IDLE.dieAtEveryStep(
                InterruptedOutboundTest::finding,
                id -> assertShown(id, ActionState.ACTION_STATE_SUCCEEDED, "ACTIVE"),
                id -> assertShown(id, ActionState.ACTION_STATE_UNDONE, "ARCHIVED"));
    }

    @Test
    void importsAndArchivesOneFindingWithLostRepliesThrottlesAndLateReads() {
        UUID id = finding();
        troubleInSecurityHub();
        IDLE.runners().runToTheEnd();
        assertShown(id, ActionState.ACTION_STATE_SUCCEEDED, "ACTIVE");

        IDLE.undo(id);
        troubleInSecurityHub();
        IDLE.runners().runToTheEnd();
        assertShown(id, ActionState.ACTION_STATE_UNDONE, "ARCHIVED");
    }

    private static void troubleInSecurityHub() {
        for (String operation : List.of("BatchImportFindings", "GetFindings")) {
            IDLE.service().sandbox().loseReply("securityhub:" + operation);
            IDLE.service().sandbox().throttle("securityhub:" + operation, 5);
        }
        IDLE.service().sandbox().answerStale("securityhub:GetFindings", 3);
    }

    private static UUID finding() {
        return IDLE.create(
                ActionKind.ACTION_KIND_IMPORT_FINDINGS,
                TestIncidents.findings(),
                INCIDENT.getName());
    }

    private static void assertShown(UUID id, ActionState state, String recordState) {
        Action action = IDLE.ended(id, state);
        assertThat(action.getDriftList()).isEmpty();
        assertThat(hub.getFindings(r -> {}).findings())
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.id())
                            .isEqualTo(action.getFindingsState().getFinding().getId());
                    assertThat(finding.title()).isEqualTo(INCIDENT.getTitle());
                    assertThat(finding.recordStateAsString()).isEqualTo(recordState);
                });
    }

    private static List<JournalEntry> done(String operation) {
        return IDLE.service().sandbox().journal(0).stream()
                .filter(entry -> entry.operation().equals(operation))
                .filter(entry -> entry.result().equals("ok"))
                .toList();
    }

    private static void untilNothingWaits() {
        DeliveryStore store = CDI.current().select(DeliveryStore.class).get();
        Instant end = Instant.now().plus(Duration.ofSeconds(30));
        while (!store.awaited().isEmpty()) {
            assertThat(Instant.now()).as("something waits").isBefore(end);
        }
    }

    private static ActionTarget ticket() {
        return ActionTarget.newBuilder()
                .setScope(TestService.TOKYO)
                .setOpenTicket(
                        OpenTicketTarget.newBuilder().setEndpoint("tickets").setTitle("Miner"))
                .build();
    }

    private static ActionTarget machine() {
        return ActionTarget.newBuilder()
                .setScope(TestService.TOKYO)
                .setStateMachine(
                        StateMachineTarget.newBuilder()
                                .setArn(MACHINE)
                                .setInput("{\"host\":\"web-1\"}"))
                .build();
    }

    private static ActionTarget message() {
        return ActionTarget.newBuilder()
                .setScope(TestService.TOKYO)
                .setPublish(
                        PublishTarget.newBuilder()
                                .setTopicArn(TOPIC)
                                .setMessage("{\"host\":\"web-1\"}"))
                .build();
    }
}
