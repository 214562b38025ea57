package dev.yagura.response;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yagura.common.ids.ResourceName;
import dev.yagura.proto.detection.v1.AssetSnapshot;
import dev.yagura.proto.detection.v1.Incident;
import dev.yagura.proto.detection.v1.Severity;
import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionState;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.CancelPlaybookRunRequest;
import dev.yagura.proto.response.v1.CreateActionRequest;
import dev.yagura.proto.response.v1.CreatePlaybookRequest;
import dev.yagura.proto.response.v1.OpenTicketTarget;
import dev.yagura.proto.response.v1.PlaybookRun;
import dev.yagura.proto.response.v1.PreflightCheck;
import dev.yagura.proto.response.v1.RunPlaybookRequest;
import dev.yagura.proto.type.v1.Scope;
import dev.yagura.response.TestReceiver.Message;
import io.grpc.StatusRuntimeException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What systems outside get of the running service, and what they answer. */
class WebhookTest {
    private static final Path SECRETS = WebhookFiles.secrets(WebhookFiles.SECRET);
    private static final TestReceiver SOAR = TestReceiver.start();
    private static final TestReceiver TICKETS = TestReceiver.start();
    private static final Optional<PythonReceiver> PYTHON = PythonReceiver.start(SECRETS);
    private static final String PREFIX = "yagura.response.webhook.";
    private static final String KEY = "AKIASANDBOXDEPLOY001";

    @RegisterExtension static final TestService SERVICE = TestService.withoutRole(settings());

    private static final TestResponder RESPONDER = TestResponder.of(SERVICE);

    private static Map<String, String> settings() {
        Map<String, String> urls = new HashMap<>();
        urls.put("soar", SOAR.url());
        PYTHON.ifPresent(python -> urls.put("python", python.url()));
        urls.put("tickets", TICKETS.url());
        Map<String, String> settings =
                new HashMap<>(
                        WebhookFiles.settings(
                                urls, "action.state_changed,playbook_run.state_changed"));
        settings.put(PREFIX + "endpoint.tickets.events", "ticket.requested");
        settings.put(PREFIX + "poll", "PT0.02S");
        settings.put(PREFIX + "pauses", "PT0.01S,PT0.01S");
        settings.put("yagura.response.action.poll", "PT0.05S");
        settings.put("yagura.response.playbook.poll", "PT0.05S");
        return settings;
    }

    @BeforeEach
    void nothingHasHappened() {
        SERVICE.postgres().execute("DELETE FROM playbook_run");
        SERVICE.postgres().execute("DELETE FROM action");
        SERVICE.sandbox().reset();
        TICKETS.answerAlways(204, "");
        TICKETS.takeAll();
    }

    @AfterAll
    static void stop() {
        SOAR.close();
        TICKETS.close();
        PYTHON.ifPresent(PythonReceiver::close);
    }

    @Test
    void everyTransitionOfAnActionIsToldAndSigned() throws Exception {
        Action action = RESPONDER.apply(disableKey());
        List<Message> messages = until(action.getName(), "ACTION_STATE_SUCCEEDED");

        assertThat(messages)
                .extracting(message -> message.text("state"))
                .containsExactlyInAnyOrder(
                        "ACTION_STATE_APPROVED",
                        "ACTION_STATE_RUNNING",
                        "ACTION_STATE_VERIFYING",
                        "ACTION_STATE_SUCCEEDED");
        assertThat(messages)
                .allSatisfy(message -> {
                    assertThat(message.signature())
                            .isEqualTo(WebhookFiles.expected(message, WebhookFiles.SECRET));
                    assertThat(message.type()).isEqualTo("action.state_changed");
                    assertThat(message.json().containsFields("timestamp")).isTrue();
                    assertThat(message.data().getFieldsMap())
                            .containsKeys("name", "kind", "target", "updateTime")
                            .doesNotContainKeys("calls", "plan", "accessKeyState", "requestId");
                });
        assertThat(messages.stream().map(Message::id)).doesNotHaveDuplicates();
    }

    @Test
    void everyTransitionOfARunIsTold() {
        Incident incident = incident();
        SERVICE.playbooksOf(Set.of())
                .createPlaybook(
                        CreatePlaybookRequest.newBuilder()
                                .setSource(
                                        """
                                        id: told
                                        title: For tests
                                        steps:
                                          - id: isolate
                                            action: isolate_instance
                                            approval: true
                                        """)
                                .build());
        PlaybookRun run =
                SERVICE.playbooksOf(Set.of())
                        .runPlaybook(
                                RunPlaybookRequest.newBuilder()
                                        .setPlaybook("playbooks/told")
                                        .setIncident(incident.getName())
                                        .setReason("seen")
                                        .setRequestId(UUID.randomUUID().toString())
                                        .build());
        SERVICE.playbooksOf(Set.of())
                .cancelPlaybookRun(
                        CancelPlaybookRunRequest.newBuilder()
                                .setName(run.getName())
                                .setReason("a drill")
                                .build());

        List<Message> messages = until(run.getName(), "PLAYBOOK_RUN_STATE_CANCELLED");

        assertThat(messages)
                .extracting(message -> message.text("state"))
                .containsExactlyInAnyOrder(
                        "PLAYBOOK_RUN_STATE_RUNNING",
                        "PLAYBOOK_RUN_STATE_CANCELLING",
                        "PLAYBOOK_RUN_STATE_CANCELLED");
        assertThat(messages)
                .allSatisfy(message -> {
                    assertThat(message.type()).isEqualTo("playbook_run.state_changed");
                    assertThat(message.data().getFieldsMap())
                            .containsKeys("incident", "steps")
                            .doesNotContainKeys("snapshot", "spec");
                });
    }

    @Test
    void theReceiverOfTheDocumentationVerifiesWhatComes() throws Exception {
        Assumptions.assumeTrue(PYTHON.isPresent(), "THERE IS NO python3: NOT TESTED");
        PythonReceiver python = PYTHON.orElseThrow();

        Action action = RESPONDER.apply(disableKey());

        String last = "action.state_changed " + action.getName() + " ACTION_STATE_SUCCEEDED";
        String line = python.line();
        while (!line.equals(last)) {
            assertThat(line).matches("(action|playbook_run)\\.state_changed .*");
            line = python.line();
        }
        Message message = until(action.getName(), "ACTION_STATE_SUCCEEDED").getLast();
        assertThat(post(python, message, message.body())).as("a copy").isEqualTo(204);
        assertThat(post(python, message, message.body() + " ")).as("changed").isEqualTo(401);
        assertThat(post(python, old(message), message.body())).as("old").isEqualTo(401);
    }

    @Test
    void aTicketIsOpenedWithWhatIsKnownOfTheIncident() {
        TICKETS.answerAlways(201, "{\"key\":\"SEC-42\",\"url\":\"https://tickets.example/42\"}");
        Incident incident = incident();

        Action action = RESPONDER.apply(ticket("tickets").setIncident(incident.getName()));

        assertThat(action.getState())
                .as(action.getStateReason())
                .isEqualTo(ActionState.ACTION_STATE_SUCCEEDED);
        assertThat(action.getTicketState().getTicketId()).isEqualTo("SEC-42");
        assertThat(action.getTicketState().getTicketUrl()).isEqualTo("https://tickets.example/42");
        assertThat(action.getTicketState().getStatus()).isEqualTo(201);
        assertThat(action.getVerificationsList())
                .singleElement()
                .satisfies(each ->
                        assertThat(each.getDetail()).contains("tickets answered 201", "SEC-42"));
        Message message = TICKETS.take();
        assertThat(message.type()).isEqualTo("ticket.requested");
        assertThat("webhookDeliveries/" + message.id())
                .isEqualTo(action.getTicketState().getDelivery());
        assertThat(message.text("action")).isEqualTo(action.getName());
        assertThat(message.text("title")).isEqualTo("Miner on web-1");
        assertThat(message.text("reason")).isEqualTo("beacon to 203.0.113.66");
        assertThat(message.data().getFieldsOrThrow("incident").getStructValue().getFieldsMap())
                .containsKeys("name", "title", "severity", "asset");
        assertThat(TICKETS.takeAll()).isEmpty();
        assertThatThrownBy(() -> RESPONDER.undo(action))
                .isInstanceOf(StatusRuntimeException.class)
                .hasMessageContaining("cannot be undone");
    }

    @Test
    void aTicketSaysNothingOfAnIncidentInAnotherAccount() {
        TICKETS.answerAlways(201, "{}");
        Incident incident =
                incident(TestService.TOKYO.toBuilder().setAccountId("444455556666").build());

        RESPONDER.apply(ticket("tickets").setIncident(incident.getName()));

        assertThat(
                        TICKETS.take()
                                .data()
                                .getFieldsOrThrow("incident")
                                .getStructValue()
                                .getFieldsMap())
                .containsOnlyKeys("name");
    }

    @Test
    void aTicketThatNobodyTakesFails() {
        TICKETS.answerAlways(500, "no");

        Action action = RESPONDER.apply(ticket("tickets"));

        assertThat(action.getState()).isEqualTo(ActionState.ACTION_STATE_FAILED);
        assertThat(action.getStateReason())
                .contains("tickets did not take it: answered 500", "look for the ticket");
        assertThat(TICKETS.takeAll()).hasSize(3);
    }

    @Test
    void anAnswerThatIsNoJsonNamesNoTicket() {
        TICKETS.answerAlways(200, "<html>created</html>");

        Action action = RESPONDER.apply(ticket("tickets"));

        assertThat(action.getState()).isEqualTo(ActionState.ACTION_STATE_SUCCEEDED);
        assertThat(action.getTicketState().getTicketId()).isEmpty();
        assertThat(action.getVerifications(0).getDetail()).contains("named no ticket");
    }

    @Test
    void aTicketGoesOnlyWhereTicketsAreTaken() {
        assertThat(checks(RESPONDER.plan(ticket("tickets"))))
                .allMatch(check -> check.getRemedy().isEmpty());
        Action planned = RESPONDER.plan(ticket("tickets"));
        assertThat(planned.getPlan().getCallsList())
                .singleElement()
                .satisfies(call -> {
                    assertThat(call.getOperation()).isEqualTo("webhook:ticket.requested");
                    assertThat(call.getParametersMap())
                            .containsEntry("endpoint", "tickets")
                            .containsEntry("origin", TICKETS.url().replace("/hooks/yagura", ""));
                });
        assertThat(planned.getPlan().getResidualRisksList()).isNotEmpty();

        assertThatThrownBy(() -> RESPONDER.create(ticket("soar")))
                .isInstanceOf(StatusRuntimeException.class)
                .hasMessageContaining("it takes action.state_changed");
        assertThatThrownBy(() -> RESPONDER.create(ticket("nowhere")))
                .hasMessageContaining("nowhere is not; configured: ");
        assertThatThrownBy(() -> RESPONDER.create(ticket("No Where")))
                .hasMessageContaining("target.open_ticket.endpoint");
        assertThat(TICKETS.takeAll()).isEmpty();
    }

    @Test
    void ticketsNeedNoPermissionOfAws() throws Exception {
        long before = SERVICE.lastCall();

        RESPONDER.apply(ticket("tickets"));

        assertThat(SERVICE.sandbox().journal(before)).isEmpty();
        assertThat(PolicyFile.allowed("open_ticket")).isEmpty();
    }

    /** What came for a resource until it was told to be in a state; messages may overtake. */
    private static List<Message> until(String name, String state) {
        List<Message> messages = new ArrayList<>();
        int missing = Integer.MAX_VALUE;
        while (messages.size() < missing) {
            Message message = SOAR.take();
            if (message.text("name").equals(name)) {
                messages.add(message);
                if (message.text("state").equals(state)) {
                    missing = transitions(message);
                }
            }
        }
        return messages;
    }

    /** Of an action, all that it had; of a run, which has no list of them, three. */
    private static int transitions(Message message) {
        return message.data().containsFields("transitions")
                ? message.data().getFieldsOrThrow("transitions").getListValue().getValuesCount()
                : 3;
    }

    private static int post(PythonReceiver python, Message message, String body) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                            HttpRequest.newBuilder(URI.create(python.url()))
                                    .header("webhook-id", message.id())
                                    .header("webhook-timestamp", message.timestamp())
                                    .header("webhook-signature", message.signature())
                                    .POST(HttpRequest.BodyPublishers.ofString(body))
                                    .build(),
                            HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        }
    }

    /** The same of a day before, well signed. */
    private static Message old(Message message) {
        String before = Long.toString(Long.parseLong(message.timestamp()) - 86_400);
        Message unsigned =
                new Message(message.id(), before, "", message.contentType(), message.body());
        return new Message(
                message.id(),
                before,
                WebhookFiles.expected(unsigned, WebhookFiles.SECRET),
                message.contentType(),
                message.body());
    }

    private static List<PreflightCheck> checks(Action planned) {
        return planned.getPlan().getChecksList();
    }

    private static CreateActionRequest.Builder disableKey() {
        return TestResponder.request(
                ActionKind.ACTION_KIND_DISABLE_ACCESS_KEY,
                ActionTarget.newBuilder().setScope(TestService.TOKYO).setAccessKeyId(KEY).build());
    }

    private static CreateActionRequest.Builder ticket(String endpoint) {
        return TestResponder.request(
                ActionKind.ACTION_KIND_OPEN_TICKET,
                ActionTarget.newBuilder()
                        .setScope(TestService.TOKYO)
                        .setOpenTicket(
                                OpenTicketTarget.newBuilder()
                                        .setEndpoint(endpoint)
                                        .setTitle("Miner on web-1")
                                        .setText("look at cron"))
                        .build());
    }

    private static Incident incident() {
        return incident(TestService.TOKYO);
    }

    private static Incident incident(Scope scope) {
        Incident incident =
                Incident.newBuilder()
                        .setName(ResourceName.of("incidents", UUID.randomUUID()))
                        .setTitle("A miner")
                        .setSeverity(Severity.SEVERITY_MEDIUM)
                        .setScope(scope)
                        .setAsset(
                                AssetSnapshot.newBuilder()
                                        .setScope(scope)
                                        .setInstanceId(TestService.WEB))
                        .build();
        SERVICE.detection().publish(incident);
        return incident;
    }
}
