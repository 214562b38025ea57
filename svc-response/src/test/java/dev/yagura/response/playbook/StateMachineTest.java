package dev.yagura.response.playbook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.yagura.common.error.PreconditionFailedException;
import dev.yagura.proto.detection.v1.AssetSnapshot;
import dev.yagura.proto.detection.v1.Incident;
import dev.yagura.proto.detection.v1.Reach;
import dev.yagura.proto.detection.v1.Severity;
import dev.yagura.proto.response.v1.ActionState;
import dev.yagura.proto.response.v1.Playbook;
import dev.yagura.proto.response.v1.PlaybookRun;
import dev.yagura.proto.response.v1.PlaybookRunState;
import dev.yagura.proto.response.v1.PlaybookSpec;
import dev.yagura.response.TestService;
import dev.yagura.response.aws.SavedTime;
import dev.yagura.response.exchange.StateMachineWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An exported state machine does what a run of the playbook does, whatever becomes of actions. */
class StateMachineTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String INCIDENT = "incidents/0198c0de-7e57-7000-8000-000000000001";

    private static final String STEPS =
            """
            id: demo
            title: For tests
            steps:
              - id: first
                action: snapshot_instance
                on_failure: continue
              - id: both
                on_failure: continue
                parallel:
                  - steps:
                      - id: left
                        action: isolate_host
                      - id: left_after
                        when: steps.left == 'succeeded'
                        action: kill_process
                        with:
                          process.pid: 42u
                          process.start_time_ns: "1790000000000000000"
                  - steps:
                      - id: right
                        action: isolate_instance
                        on_failure: continue
                      - id: right_after
                        when: steps.right != 'succeeded'
                        action: stop_instance
                        approval: true
              - id: never
                when: incident.severity == Severity.SEVERITY_LOW
                action: terminate_instance
              - id: untold
                when: steps.first == 'failed'
                action: disable_access_key
                on_failure: continue
                with:
                  access_key_id: incident.merged_from[7]
              - id: cleanup
                when: steps.both == 'failed'
                action: contain_role_session
              - id: last
                when: incident.severity >= Severity.SEVERITY_HIGH
                action: collect_triage
            """;

    private static final List<String> KINDS =
            List.of(
                    "SNAPSHOT_INSTANCE",
                    "ISOLATE_HOST",
                    "KILL_PROCESS",
                    "ISOLATE_INSTANCE",
                    "STOP_INSTANCE",
                    "CONTAIN_ROLE_SESSION",
                    "COLLECT_TRIAGE");

    /** Of the hosts of a list, the first ones, whose actions end well or badly. */
    private static final int VARIED = 3;

    /** What was asked for, and how it ended. */
    private record Story(List<String> actions, boolean isSuccess) {}

    @Test
    void doesWhatARunDoesWhateverBecomesOfEachAction() throws Exception {
        PlaybookSpec spec = PlaybookSource.read(STEPS);
        for (int choice = 0; choice < 1 << KINDS.size(); choice++) {
            Map<String, ActionState> decided = new HashMap<>();
            for (int i = 0; i < KINDS.size(); i++) {
                decided.put(
                        "ACTION_KIND_" + KINDS.get(i),
                        (choice >> i & 1) == 0
                                ? ActionState.ACTION_STATE_SUCCEEDED
                                : ActionState.ACTION_STATE_FAILED);
            }

            Story run = run(spec, decided);
            assertThat(machine(spec, decided)).as(decided.toString()).isEqualTo(run);
        }
    }

    /** Whatever becomes of the action of each host: a Map state does what elements do. */
    @Test
    void aListIsAMapStateThatDoesTheSame() throws Exception {
        PlaybookSpec spec =
                PlaybookSource.read(
                        """
                        id: demo
                        title: For tests
                        steps:
                          - id: cut
                            for_each: "[incident.asset] + incident.reach.assets"
                            action: isolate_instance
                            on_failure: continue
                          - id: none
                            for_each: incident.merged_from
                            action: disable_access_key
                            with: {access_key_id: each}
                          - id: many
                            for_each: "['a', 'b', 'c']"
                            limit: 2
                            action: disable_access_key
                            on_failure: continue
                            with: {access_key_id: each}
                          - id: never
                            when: incident.severity == Severity.SEVERITY_LOW
                            for_each: "['AKIAIOSFODNN7EXAMPLE']"
                            action: disable_access_key
                            with: {access_key_id: each}
                          - id: keep
                            when: steps.cut == 'failed'
                            for_each: "[incident.asset]"
                            action: snapshot_instance
                          - id: last
                            when: steps.none == 'skipped'
                            action: collect_triage
                        """);
        List<String> hosts =
                List.of(
                        "ACTION_KIND_ISOLATE_INSTANCE " + TestService.WEB,
                        "ACTION_KIND_ISOLATE_INSTANCE " + TestService.DB,
                        "ACTION_KIND_SNAPSHOT_INSTANCE " + TestService.WEB,
                        "ACTION_KIND_COLLECT_TRIAGE " + TestService.WEB);
        for (int choice = 0; choice < 1 << VARIED; choice++) {
            Map<String, ActionState> decided = new HashMap<>();
            for (int i = 0; i < hosts.size(); i++) {
                decided.put(
                        hosts.get(i),
                        (choice >> i & 1) == 0
                                ? ActionState.ACTION_STATE_SUCCEEDED
                                : ActionState.ACTION_STATE_FAILED);
            }

            Story run = run(spec, decided);
            assertThat(run.actions()).contains(hosts.get(0), hosts.get(1));
            assertThat(machine(spec, decided)).as(decided.toString()).isEqualTo(run);
        }
    }

    @Test
    void whatTakesTooLongFails() throws Exception {
        Map<String, ActionState> decided =
                Map.of(
                        "ACTION_KIND_SNAPSHOT_INSTANCE", ActionState.ACTION_STATE_RUNNING,
                        "ACTION_KIND_ISOLATE_HOST", ActionState.ACTION_STATE_EXPIRED,
                        "ACTION_KIND_ISOLATE_INSTANCE", ActionState.ACTION_STATE_SUCCEEDED,
                        "ACTION_KIND_CONTAIN_ROLE_SESSION", ActionState.ACTION_STATE_CANCELLED);

        Story story = machine(PlaybookSource.read(STEPS), decided);

        assertThat(story.isSuccess()).isFalse();
        assertThat(story.actions())
                .contains("cancelled", "ACTION_KIND_CONTAIN_ROLE_SESSION " + TestService.WEB)
                .doesNotContain("ACTION_KIND_COLLECT_TRIAGE " + TestService.WEB);
    }

    @Test
    void stopsWhenThePlaybookIsAnotherVersion() throws Exception {
        PlaybookSpec spec = PlaybookSource.read(STEPS);
        JsonNode machine = JSON.readTree(written(spec));
        DecidedApi api = new DecidedApi(started(spec), 8, new Decisions(Map.of()));

        assertThatThrownBy(() -> new StateMachine(api).run(machine, input()))
                .isInstanceOf(StateMachine.FailedException.class)
                .hasMessageContaining("export it again");
        assertThat(api.story()).isEmpty();
    }

    /** A step may have any name, also one of the machine's own words. */
    @Test
    void everyShippedPlaybookHasAForm() throws Exception {
        try (Stream<Path> shipped = Files.list(Path.of("..", "deploy", "playbooks"))) {
            for (Path file : shipped.toList()) {
                JsonNode machine =
                        JSON.readTree(written(PlaybookSource.read(Files.readString(file))));
                assertThat(machine.path("States").size()).as(file.toString()).isGreaterThan(8);
                assertLeadsOn(machine);
            }
        }
        String odd = STEPS.replaceAll("\\bfirst\\b", "plan").replaceAll("\\bright\\b", "outcomes");
        PlaybookSpec spec = PlaybookSource.read(odd);
        Map<String, ActionState> decided = new HashMap<>();
        KINDS.forEach(
                kind -> decided.put("ACTION_KIND_" + kind, ActionState.ACTION_STATE_SUCCEEDED));
        assertThat(machine(spec, decided)).isEqualTo(run(spec, decided));
    }

    private static void assertLeadsOn(JsonNode machine) {
        JsonNode states = machine.path("States");
        for (String field : List.of("Next", "Default")) {
            states.findValuesAsText(field).stream()
                    .filter(name -> !machine.toString().contains("\"" + name + "\":{\"Type\""))
                    .forEach(name -> assertThat(name).as("a state").isEmpty());
        }
        states.forEach(state -> {
            state.path("Branches").forEach(StateMachineTest::assertLeadsOn);
            if (state.has("ItemProcessor")) {
                assertLeadsOn(state.get("ItemProcessor"));
            }
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "on_failure: continue   | retries: 1 | first",
                "steps.left == 'succeeded' | steps.left == 'failed' && incident.title == '' | left_after"
            })
    void whatHasNoFormThereIsNamed(String written, String instead, String step) {
        PlaybookSpec spec =
                PlaybookSource.read(STEPS.replaceFirst(Pattern.quote(written), instead));

        assertThatThrownBy(() -> written(spec))
                .isInstanceOf(PreconditionFailedException.class)
                .hasMessageContaining(step);
    }

    @Test
    void aListThatStepsDecideHasNoFormThere() {
        PlaybookSpec spec =
                PlaybookSource.read(
                        """
                        id: demo
                        title: For tests
                        steps:
                          - id: first
                            action: snapshot_instance
                          - id: cut
                            for_each: "steps.first == 'failed' ? [incident.asset] : []"
                            action: isolate_instance
                        """);

        assertThatThrownBy(() -> written(spec))
                .isInstanceOf(PreconditionFailedException.class)
                .hasMessageContaining("cut", "former steps");
    }

    private static Story run(PlaybookSpec spec, Map<String, ActionState> decided) {
        DecidedActions actions = new DecidedActions(new Decisions(decided));
        PlaybookRun run = started(spec);
        while (run.getState() == PlaybookRunState.PLAYBOOK_RUN_STATE_RUNNING) {
            run = new RunAdvance(run, actions, Clock.systemUTC()).go();
        }
        return new Story(
                actions.story().stream().sorted().toList(),
                run.getState() == PlaybookRunState.PLAYBOOK_RUN_STATE_SUCCEEDED);
    }

    private static Story machine(PlaybookSpec spec, Map<String, ActionState> decided)
            throws Exception {
        DecidedApi api = new DecidedApi(started(spec), 7, new Decisions(decided));
        boolean success = true;
        try {
            new StateMachine(api).run(JSON.readTree(written(spec)), input());
        } catch (StateMachine.FailedException e) {
            success = false;
        }
        return new Story(api.story().stream().sorted().toList(), success);
    }

    private static String written(PlaybookSpec spec) {
        return StateMachineWriter.write(
                Playbook.newBuilder()
                        .setName("playbooks/" + spec.getId())
                        .setVersion(7)
                        .setSpec(spec)
                        .build(),
                PlaybookEndpoint.DURATIONS);
    }

    private static ObjectNode input() {
        return JsonNodeFactory.instance.objectNode().put("incident", INCIDENT);
    }

    private static PlaybookRun started(PlaybookSpec spec) {
        return PlaybookRun.newBuilder()
                .setName("playbookRuns/0198c0de-7e57-7000-8000-000000000002")
                .setPlaybook("playbooks/demo")
                .setVersion(7)
                .setSpec(spec)
                .setIncident(INCIDENT)
                .setSnapshot(
                        Incident.newBuilder()
                                .setName(INCIDENT)
                                .setSeverity(Severity.SEVERITY_HIGH)
                                .setAsset(
                                        AssetSnapshot.newBuilder()
                                                .setScope(TestService.TOKYO)
                                                .setInstanceId(TestService.WEB))
                                .setReach(
                                        Reach.newBuilder()
                                                .addAssets(host(TestService.DB))
                                                .addAssets(host(TestService.WEB))))
                .setState(PlaybookRunState.PLAYBOOK_RUN_STATE_RUNNING)
                .addAllSteps(RunAdvance.pending(spec.getStepsList()))
                .setDueTime(SavedTime.of(Instant.now().plus(Duration.ofHours(1))))
                .build();
    }

    private static AssetSnapshot host(String instance) {
        return AssetSnapshot.newBuilder()
                .setHostname("for people")
                .setScope(TestService.TOKYO)
                .setInstanceId(instance)
                .build();
    }
}
