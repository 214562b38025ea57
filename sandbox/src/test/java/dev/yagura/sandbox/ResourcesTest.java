package dev.yagura.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.yagura.sandbox.control.QueueClient;
import dev.yagura.sandbox.control.ResourceClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.ec2.model.Instance;
import software.amazon.awssdk.services.ec2.model.InstanceNetworkInterface;

/** What comes, moves and goes by the control API is there for EC2 and told by AWS Config. */
class ResourcesTest {
    private static final String FIRST = "i-0123456789abcdef0";
    private static final String SECOND = "i-0123456789abcdef1";
    private static final ObjectMapper JSON = new ObjectMapper();

    @RegisterExtension static final SandboxExtension SANDBOX = new SandboxExtension();

    private final ResourceClient resources = SANDBOX.control().resources();
    private QueueClient queue;

    @BeforeEach
    void tell() {
        queue = SANDBOX.control().queue("told");
        SANDBOX.control().recorder().tell("told", "sns-raw");
    }

    @Test
    void launchedInstanceStartsAndItsSecondInterfaceMovesAndOutlivesIt() {
        resources.launch(FIRST, "10.20.1.201", "10.20.1.202");
        resources.launch(SECOND, "10.20.1.203");
        assertThat(instance(FIRST).state().nameAsString()).isEqualTo("pending");
        SANDBOX.control().advance(Duration.ofSeconds(10));
        assertThat(instance(FIRST).state().nameAsString()).isEqualTo("running");
        assertThat(interfaces(FIRST)).hasSize(2);
        assertThatThrownBy(() -> resources.launch(FIRST, "10.20.1.204"))
                .hasMessageContaining("is there already");

        String moved = interfaces(FIRST).getLast();
        resources.attachInterface(moved, SECOND);
        assertThat(interfaces(FIRST)).hasSize(1);
        assertThat(interfaces(SECOND)).hasSize(2).endsWith(moved);
        resources.detachInterface(moved);
        assertThat(interfaces(SECOND)).hasSize(1);
    }

    @Test
    void bucketIsToldWithWhoMayUseItAndWithItsEnd() throws Exception {
        resources.makeBucket("made");
        resources.deleteBucket("made");
        List<JsonNode> told = told("AWS::S3::Bucket");
        assertThat(told)
                .extracting(item -> item.path("configurationItemStatus").asText())
                .containsExactly("ResourceDiscovered", "ResourceDeleted");
        assertThat(
                        told.getFirst()
                                .path("supplementaryConfiguration")
                                .path("PublicAccessBlockConfiguration")
                                .has("blockPublicAcls"))
                .isTrue();
        assertThatThrownBy(() -> resources.deleteBucket("made")).hasMessageContaining("made");
    }

    @Test
    void roleThatIsMadeAgainIsAnotherOne() throws Exception {
        resources.makeRole("made", Map.of("team", "a"));
        SANDBOX.control().deleteRole("made");
        resources.makeRole("made", Map.of());
        assertThat(told("AWS::IAM::Role").stream().map(item -> item.path("resourceId").asText()))
                .hasSize(3)
                .satisfies(ids -> assertThat(List.copyOf(ids).stream().distinct()).hasSize(2));
    }

    private List<JsonNode> told(String type) throws JsonProcessingException {
        List<JsonNode> items = new java.util.ArrayList<>();
        for (String message : queue.messages()) {
            JsonNode item = JSON.readTree(message).path("configurationItem");
            if (item.path("resourceType").asText().equals(type)) {
                items.add(item);
            }
        }
        return items;
    }

    private static List<String> interfaces(String instance) {
        return instance(instance).networkInterfaces().stream()
                .map(InstanceNetworkInterface::networkInterfaceId)
                .toList();
    }

    private static Instance instance(String id) {
        return SANDBOX.ec2()
                .describeInstances(request -> request.instanceIds(id))
                .reservations()
                .getFirst()
                .instances()
                .getFirst();
    }
}
