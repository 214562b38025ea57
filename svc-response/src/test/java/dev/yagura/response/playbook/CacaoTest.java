package dev.yagura.response.playbook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.yagura.common.error.InvalidFieldException;
import dev.yagura.common.error.PreconditionFailedException;
import dev.yagura.proto.response.v1.Playbook;
import dev.yagura.proto.response.v1.PlaybookSpec;
import dev.yagura.response.exchange.CacaoReader;
import dev.yagura.response.exchange.CacaoWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Playbooks as CACAO, and back. */
class CacaoTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String EXTENSION =
            "extension-definition--5b3d9d4e-6f0a-5a6e-9c1f-2f6f1b0a7c11";

    private static final String ALL =
            """
            id: all
            title: Every form
            description: "Of a step: and of the playbook"
            when: incident.severity >= Severity.SEVERITY_HIGH
            timeout: PT2H
            start: automatic
            quiet_hours: {zone: Asia/Tokyo, from: "09:00", to: "18:00", days: [mon, tue]}
            steps:
              - id: cut
                on_failure: continue
                parallel:
                  - steps:
                      - {id: host, action: isolate_host, on_failure: continue}
                  - steps:
                      - {id: cloud, title: In EC2, action: isolate_instance, timeout: PT10M}
                      - {id: keep, action: snapshot_instance, retries: 2}
              - id: keys
                for_each: incident.merged_from
                limit: 30
                at_once: 2
                action: disable_access_key
                with: {access_key_id: each}
              - id: kill
                when: "steps.host == 'failed'"
                action: kill_process
                approval: true
                with:
                  process.pid: incident.processes[0].pid
                  process.start_time_ns: "1790000000000000000"
            """;

    static Stream<String> sources() throws IOException {
        try (Stream<Path> shipped = Files.list(Path.of("..", "deploy", "playbooks"))) {
            return Stream.concat(
                    Stream.of(ALL), shipped.sorted().map(CacaoTest::read).toList().stream());
        }
    }

    @ParameterizedTest
    @MethodSource("sources")
    void comesBackAsItWas(String source) {
        PlaybookSpec spec = PlaybookSource.read(source);

        assertThat(PlaybookSource.read(CacaoReader.read(write(source)))).isEqualTo(spec);
    }

    @ParameterizedTest
    @MethodSource("sources")
    void everyStepLeadsToOneThatIsThere(String source) throws Exception {
        JsonNode document = JSON.readTree(write(source));

        assertThat(document.path("spec_version").asText()).isEqualTo("cacao-2.0");
        JsonNode workflow = document.path("workflow");
        assertThat(workflow.has(document.path("workflow_start").asText())).isTrue();
        workflow.properties()
                .forEach(step -> {
                    assertThat(step.getKey())
                            .startsWith(step.getValue().path("type").asText() + "--");
                    Stream.concat(
                                    Stream.of(
                                                    "on_completion",
                                                    "on_success",
                                                    "on_failure",
                                                    "on_true")
                                            .filter(step.getValue()::has)
                                            .map(step.getValue()::get),
                                    StreamSupport.stream(
                                            step.getValue().path("next_steps").spliterator(),
                                            false))
                            .forEach(next -> assertThat(workflow.has(next.asText())).isTrue());
                });
    }

    @Test
    void commandsAreCallsOfTheJsonApi() throws Exception {
        JsonNode kill = named("kill", JSON.readTree(write(ALL)));

        assertThat(kill.path("commands").path(0).path("command").asText())
                .isEqualTo("POST /v1/actions HTTP/1.1");
        JsonNode body =
                JSON.readTree(
                        new String(
                                Base64.getDecoder()
                                        .decode(
                                                kill.path("commands")
                                                        .path(0)
                                                        .path("content_b64")
                                                        .asText()),
                                StandardCharsets.UTF_8));
        assertThat(body.path("kind").asText()).isEqualTo("ACTION_KIND_KILL_PROCESS");
        assertThat(body.path("target").path("process").path("pid").asText())
                .isEqualTo("__kill_process_pid__:value");
        JsonNode variables = JSON.readTree(write(ALL)).path("playbook_variables");
        assertThat(variables.path("__kill_process_pid__").path("description").asText())
                .isEqualTo("incident.processes[0].pid");
        assertThat(variables.path("__keys_access_key_id__").path("description").asText())
                .isEqualTo("each, where each is one of: incident.merged_from");
        assertThat(variables.path("__when_kill__").path("external").asBoolean()).isTrue();
    }

    @Test
    void whatAnotherToolChangedCounts() throws Exception {
        JsonNode document = JSON.readTree(write(ALL));
        ObjectNode cloud = named("In EC2", document);
        cloud.put("name", "At the network").put("timeout", 60_000);
        cloud.put("on_completion", cloud.remove("on_success").asText());
        cloud.remove("on_failure");

        PlaybookSpec spec = PlaybookSource.read(CacaoReader.read(document.toString()));

        assertThat(spec.getSteps(0).getParallel(1).getSteps(0).toString())
                .contains("At the network", "PT1M", "ON_FAILURE_CONTINUE");
    }

    @Test
    void whatIsNotReadIsNamed() throws Exception {
        refused(document -> document.put("spec_version", "cacao-1.1"), "is no CACAO 2.0 playbook");
        refused(document -> document.put("workflow_start", "start--x"), "leads to \"start--x\"");
        refused(
                document -> named("kill", document).remove("step_extensions"),
                "says nothing that Yagura can do");
        refused(
                document -> named("kill", document).put("type", "while-condition"),
                "is of type \"while-condition\"");
        refused(
                document -> {
                    ObjectNode kill = named("kill", document);
                    kill.put("on_success", id("kill", document));
                },
                "is reached twice");
        refused(
                document -> {
                    ObjectNode cloud = named("In EC2", document);
                    cloud.put("on_failure", cloud.path("on_success").asText());
                },
                "goes on elsewhere when it fails");
        assertThatThrownBy(() -> CacaoReader.read("{\"type\": "))
                .isInstanceOf(InvalidFieldException.class)
                .hasMessageContaining("source: line 1, column");
    }

    @Test
    void aBranchAloneHasNoFormThere() {
        String one =
                """
                id: one
                title: One branch
                steps:
                  - id: only
                    parallel:
                      - steps:
                          - {id: cut, action: isolate_instance}
                """;
        Playbook playbook = Playbook.newBuilder().setSpec(PlaybookSource.read(one)).build();

        assertThatThrownBy(() -> CacaoWriter.write(playbook))
                .isInstanceOf(PreconditionFailedException.class)
                .hasMessageContaining("only", "one branch");
    }

    private static void refused(Consumer<ObjectNode> change, String problem) throws IOException {
        ObjectNode document = (ObjectNode) JSON.readTree(write(ALL));
        change.accept(document);
        assertThatThrownBy(() -> CacaoReader.read(document.toString()))
                .isInstanceOf(InvalidFieldException.class)
                .hasMessageContaining(problem);
    }

    private static String write(String source) {
        return CacaoWriter.write(
                Playbook.newBuilder().setSpec(PlaybookSource.read(source)).build());
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static ObjectNode named(String name, JsonNode document) {
        return (ObjectNode) document.path("workflow").path(id(name, document));
    }

    private static String id(String name, JsonNode document) {
        return document.path("workflow").properties().stream()
                .filter(step -> step.getValue().path("name").asText().equals(name))
                .filter(step -> step.getValue().path("step_extensions").has(EXTENSION))
                .map(java.util.Map.Entry::getKey)
                .findFirst()
                .orElseThrow();
    }
}
