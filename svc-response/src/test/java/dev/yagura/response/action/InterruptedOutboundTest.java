package dev.yagura.response.action;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionState;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.OpenTicketTarget;
import dev.yagura.response.TestReceiver;
import dev.yagura.response.TestService;
import dev.yagura.response.WebhookFiles;
import dev.yagura.response.outbox.DeliveryStore;
import jakarta.enterprise.inject.spi.CDI;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Tickets with runners that die after a write, which is before the next one. */
class InterruptedOutboundTest {
    private static final TestReceiver TICKETS = TestReceiver.start();

    @RegisterExtension
    static final IdleService IDLE = IdleService.with(settings(), Duration.ofHours(1));

    private static Map<String, String> settings() {
        Map<String, String> settings =
                new HashMap<>(
                        WebhookFiles.settings(
                                Map.of("tickets", TICKETS.url()), "ticket.requested"));
        settings.put("yagura.response.webhook.poll", "PT0.02S");
        settings.put("yagura.response.webhook.pauses", "PT0.01S");
        return settings;
    }

    @AfterAll
    static void stop() {
        TICKETS.close();
    }

    @Test
    void opensOneTicketWhereverItsRunnerDies() {
        TICKETS.answerAlways(201, "{\"id\": 42}");
        DyingRunners runners =
                new DyingRunners(
                        IDLE.store(),
                        IDLE.procedures(),
                        IDLE.config(),
                        IDLE.service().postgres(),
                        InterruptedOutboundTest::untilNothingWaits);
        boolean killed = true;
        for (int step = 1; killed; step++) {
            IDLE.backToTheSeed();
            TICKETS.takeAll();
            UUID id = IDLE.create(ActionKind.ACTION_KIND_OPEN_TICKET, ticket());

            killed = runners.killAt(step, true);
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
}
