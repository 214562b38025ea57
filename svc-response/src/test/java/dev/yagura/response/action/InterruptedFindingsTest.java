package dev.yagura.response.action;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.proto.detection.v1.Incident;
import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionState;
import dev.yagura.response.TestIncidents;
import dev.yagura.response.TestService;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.securityhub.SecurityHubClient;

/** Findings with runners that die, answers that are lost, throttles, and reads that lag. */
class InterruptedFindingsTest {
    private static final Incident INCIDENT = TestIncidents.onWeb().build();

    @RegisterExtension static final IdleService IDLE = IdleService.with(Map.of());

    private static SecurityHubClient hub;

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
    static void close() {
        hub.close();
    }

    @Test
    void importsAndArchivesOneFindingWhereverItsRunnerDies() throws Exception {
        IDLE.dieAtEveryStep(
                InterruptedFindingsTest::create,
                id -> assertThere(id, ActionState.ACTION_STATE_SUCCEEDED, "ACTIVE"),
                id -> {
                    assertThere(id, ActionState.ACTION_STATE_UNDONE, "ARCHIVED");
                    assertThat(IDLE.action(id).getDriftList()).isEmpty();
                });
    }

    @Test
    void importsAndArchivesOneFindingWithLostRepliesThrottlesAndLateReads() {
        UUID id = create();
        trouble();
        IDLE.runners().runToTheEnd();
        assertThere(id, ActionState.ACTION_STATE_SUCCEEDED, "ACTIVE");

        IDLE.undo(id);
        trouble();
        IDLE.runners().runToTheEnd();
        assertThere(id, ActionState.ACTION_STATE_UNDONE, "ARCHIVED");
    }

    private static void trouble() {
        IDLE.service().sandbox().loseReply("securityhub:BatchImportFindings");
        IDLE.service().sandbox().throttle("securityhub:BatchImportFindings", 5);
        IDLE.service().sandbox().loseReply("securityhub:GetFindings");
        IDLE.service().sandbox().throttle("securityhub:GetFindings", 5);
        IDLE.service().sandbox().answerStale("securityhub:GetFindings", 3);
    }

    private static UUID create() {
        return IDLE.create(
                ActionKind.ACTION_KIND_IMPORT_FINDINGS,
                TestIncidents.findings(),
                INCIDENT.getName());
    }

    private static void assertThere(UUID id, ActionState state, String recordState) {
        Action action = IDLE.ended(id, state);
        assertThat(hub.getFindings(r -> {}).findings())
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.id())
                            .isEqualTo(action.getFindingsState().getFinding().getId());
                    assertThat(finding.title()).isEqualTo(INCIDENT.getTitle());
                    assertThat(finding.recordStateAsString()).isEqualTo(recordState);
                });
    }
}
