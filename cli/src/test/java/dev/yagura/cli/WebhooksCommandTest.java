package dev.yagura.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.proto.response.v1.WebhookDeliveryState;
import io.grpc.BindableService;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** yagura webhooks, and tickets. */
class WebhooksCommandTest extends CommandTest {
    private final CannedWebhooks webhooks = new CannedWebhooks();

    @Override
    List<BindableService> services() {
        return List.of(webhooks, new RefusedActions());
    }

    @Test
    void showsWhatIsDisabledAndWhy() {
        assertThat(run("webhooks", "list")).isZero();

        assertThat(out).contains("https://soar.example", "disabled", "410 Gone");
    }

    @Test
    void listsDeliveriesOfAStateAndAnEndpoint() {
        assertThat(run("webhooks", "deliveries", "--state", "dead", "--endpoint", "soar")).isZero();

        assertThat(out).contains("actions/a-1", "dead", "answered 503", "webhookDeliveries/d-1");
        assertThat(webhooks.listed.getFirst().getFilter().getEndpoint())
                .isEqualTo("webhookEndpoints/soar");
        assertThat(webhooks.listed.getFirst().getFilter().getState())
                .isEqualTo(WebhookDeliveryState.WEBHOOK_DELIVERY_STATE_DEAD);
    }

    @Test
    void replaysByNameOrAllOfAnEndpoint() {
        assertThat(run("webhooks", "replay", "webhookDeliveries/d-1")).isZero();
        assertThat(out).contains("1 are sent again");
        assertThat(run("webhooks", "replay", "--endpoint", "soar")).isZero();

        assertThat(webhooks.replayed.getFirst().getNamesList())
                .containsExactly("webhookDeliveries/d-1");
        assertThat(webhooks.replayed.getLast().getEndpoint()).isEqualTo("webhookEndpoints/soar");
        assertThat(run("webhooks", "replay")).isEqualTo(2);
        assertThat(run("webhooks", "replay", "webhookDeliveries/d-1", "--endpoint", "soar"))
                .isEqualTo(2);
    }

    @Test
    void aTicketNeedsAnAccountAndNoInstance() {
        String[] plan = {
            "actions", "plan", "open_ticket", "--endpoint", "tickets", "--title", "Miner on web-1"
        };

        assertThat(run(plan)).isEqualTo(2);
        assertThat(err).contains("--account");
        assertThat(run(with(plan, "--account", "111122223333", "-o", "json"))).isZero();
        assertThat(out)
                .contains("\"openTicket\":{\"endpoint\":\"tickets\",\"title\":\"Miner on web-1\"")
                .contains("\"accountId\":\"111122223333\"");
        assertThat(run(with(plan, "i-0123456789abcdef0", "--account", "111122223333")))
                .isEqualTo(2);
    }

    @Test
    void anIncidentGoesToSecurityHubOfAnAccountAndRegion() {
        String[] plan = {
            "actions", "plan", "import_findings", "--incident", "incidents/a", "-o", "json"
        };

        assertThat(run(with(plan, "--account", "111122223333"))).isEqualTo(2);
        assertThat(err).contains("--region");
        String[] there = with(plan, "--account", "111122223333", "--region", "ap-northeast-1");
        assertThat(run(there)).isZero();
        assertThat(out)
                .contains("\"findings\":{}", "\"region\":\"ap-northeast-1\"")
                .contains("\"incident\":\"incidents/a\"");
        assertThat(run(with(there, "i-0123456789abcdef0"))).isEqualTo(2);
    }

    @Test
    void anArnSaysWhereAMessageOrAnExecutionGoes() {
        String topic = "arn:aws:sns:ap-northeast-1:111122223333:security";
        String machine = "arn:aws:states:eu-west-1:111122223333:stateMachine:forensics";

        assertThat(
                        run(
                                "actions",
                                "plan",
                                "publish",
                                "--topic",
                                topic,
                                "--message",
                                "{}",
                                "-o",
                                "json"))
                .isZero();
        assertThat(out).contains("\"region\":\"ap-northeast-1\"", "\"topicArn\":\"" + topic + "\"");
        assertThat(
                        run(
                                "actions",
                                "plan",
                                "start_state_machine",
                                "--state-machine",
                                machine,
                                "-o",
                                "json"))
                .isZero();
        assertThat(out).contains("\"region\":\"eu-west-1\"", "\"arn\":\"" + machine + "\"");
        assertThat(run("actions", "plan", "publish", "--message", "{}")).isEqualTo(2);
        assertThat(run("actions", "plan", "publish", "--bus", "default", "--message", "{}"))
                .isEqualTo(2);
    }

    private static String[] with(String[] some, String... more) {
        String[] all = Arrays.copyOf(some, some.length + more.length);
        System.arraycopy(more, 0, all, some.length, more.length);
        return all;
    }
}
