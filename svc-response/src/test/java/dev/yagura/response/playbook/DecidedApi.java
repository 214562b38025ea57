package dev.yagura.response.playbook;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.google.protobuf.util.JsonFormat;
import dev.yagura.proto.response.v1.ActionState;
import dev.yagura.proto.response.v1.CreateActionRequest;
import dev.yagura.proto.response.v1.Plan;
import dev.yagura.proto.response.v1.PlaybookRun;
import dev.yagura.response.TestService;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/** The JSON API, with the playbook's own dry run. */
final class DecidedApi implements StateMachine.Http {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String URL = "${YaguraUrl}/v1/";

    private final PlaybookRun run;
    private final int version;
    private final Decisions decided;
    private final Map<String, ActionState> ends = new HashMap<>();
    private final List<String> story = new ArrayList<>();

    /**
     * @param version that the playbook has by now
     */
    DecidedApi(PlaybookRun run, int version, Decisions decided) {
        this.run = run;
        this.version = version;
        this.decided = decided;
    }

    /** What was asked for, in order. */
    List<String> story() {
        return story;
    }

    @Override
    public JsonNode call(String verb, String url, JsonNode body) {
        assertThat(url).startsWith(URL);
        String path = url.substring(URL.length());
        try {
            if (path.equals("playbooks/demo:run")) {
                assertThat(body.path("validateOnly").asBoolean()).isTrue();
                assertThat(body.path("incident").asText()).isEqualTo(run.getIncident());
                PlaybookRun dry = new DryRun(run, order -> Plan.getDefaultInstance()).go();
                return JSON.readTree(
                        JsonFormat.printer().print(dry.toBuilder().setVersion(version).build()));
            }
            if (path.equals("actions")) {
                return created(body);
            }
            if (path.endsWith(":cancel")) {
                story.add("cancelled");
                return JsonNodeFactory.instance.objectNode();
            }
            assertThat(verb).isEqualTo("GET");
            return JsonNodeFactory.instance
                    .objectNode()
                    .put("state", Objects.requireNonNull(ends.get(path)).name());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private JsonNode created(JsonNode body) throws IOException {
        CreateActionRequest.Builder request = CreateActionRequest.newBuilder();
        JsonFormat.parser().merge(body.toString(), request);
        assertThat(request.getTarget().getScope()).isEqualTo(TestService.TOKYO);
        assertThat(request.getRequireApproval())
                .isEqualTo(request.getKind().name().equals("ACTION_KIND_STOP_INSTANCE"));
        story.add(Decisions.asked(request.getKind().name(), request.getTarget().getInstanceId()));
        String name = "actions/" + UUID.fromString(request.getRequestId());
        ends.put(name, decided.of(request.getKind().name(), request.getTarget().getInstanceId()));
        return JsonNodeFactory.instance.objectNode().put("name", name);
    }
}
