package dev.yagura.response.playbook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yagura.proto.detection.v1.AssetSnapshot;
import dev.yagura.proto.detection.v1.Incident;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.PlaybookRun;
import dev.yagura.proto.response.v1.PlaybookSpec;
import dev.yagura.response.TestService;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Steps of the documentation that tell or start something outside. */
class OutboundStepsTest {
    private static final Pattern YAML = Pattern.compile("(?s)```yaml\n(.*?)```");

    private static final Incident INCIDENT =
            Incident.newBuilder()
                    .setName("incidents/0198c0de-0000-7000-8000-000000000001")
                    .setTitle("A miner")
                    .setAsset(
                            AssetSnapshot.newBuilder()
                                    .setScope(TestService.TOKYO)
                                    .setInstanceId(TestService.WEB))
                    .build();

    @Test
    void aTicketHasTheTitleOfTheIncident() throws Exception {
        ActionTarget target = targets("open-a-ticket.md").getFirst();

        assertThat(target.getOpenTicket().getEndpoint()).isEqualTo("tickets");
        assertThat(target.getOpenTicket().getTitle()).isEqualTo("A miner");
        assertThat(target.getInstanceId()).isEmpty();
    }

    @Test
    void messageAndInputAreMadeOfTheIncident() throws Exception {
        List<ActionTarget> targets = targets("publish-and-start.md");

        assertThat(targets.get(0).getPublish().getMessage())
                .isEqualTo("{\"incident\": \"" + INCIDENT.getName() + "\"}");
        assertThat(targets.get(1).getStateMachine().getInput())
                .isEqualTo("{\"instance\": \"" + TestService.WEB + "\"}");
    }

    @Test
    void aFindingIsOfTheIncidentAndItsPlace() throws Exception {
        ActionTarget target = targets("send-findings-to-security-hub.md").getFirst();

        assertThat(target.hasFindings()).isTrue();
        assertThatThrownBy(() ->
                        PlaybookSource.read(
                                """
                                id: demo
                                title: For tests
                                steps:
                                  - id: finding
                                    action: import_findings
                                    with:
                                      instance_id: '"i-0123456789abcdef0"'
                                """))
                .hasMessageContaining("takes the incident as it is");
        assertThat(target.getScope()).isEqualTo(TestService.TOKYO);
        assertThat(target.getInstanceId()).isEmpty();
    }

    /** Of the steps of a page, each checked as one of its kind. */
    private static List<ActionTarget> targets(String page) throws Exception {
        Matcher yaml = YAML.matcher(Files.readString(Path.of("..", "docs", "how-to", page)));
        assertThat(yaml.find()).isTrue();
        PlaybookSpec spec =
                PlaybookSource.read("id: demo\ntitle: For tests\nsteps:\n" + yaml.group(1));
        PlaybookRun run =
                PlaybookRun.newBuilder()
                        .setName("playbookRuns/a")
                        .setIncident(INCIDENT.getName())
                        .setSpec(spec)
                        .setSnapshot(INCIDENT)
                        .setReason("seen")
                        .build();
        Expressions.Scope scope = new Expressions.Scope(INCIDENT, Map.of());
        List<ActionTarget> targets = new ArrayList<>();
        for (var step : spec.getStepsList()) {
            targets.add(StepOrders.of(run, step, scope).target());
        }
        return targets;
    }
}
