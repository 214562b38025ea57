package dev.yagura.inventory.agent;

import static dev.yagura.inventory.Enrolling.enroll;
import static dev.yagura.inventory.Enrolling.request;
import static dev.yagura.inventory.Enrolling.signingRequest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.yagura.common.ids.AssetIds;
import dev.yagura.inventory.AwsSignatures;
import dev.yagura.inventory.Enrolling;
import dev.yagura.inventory.InventoryService;
import dev.yagura.inventory.TestClock;
import dev.yagura.proto.inventory.v1.Agent;
import dev.yagura.proto.inventory.v1.AgentHealth;
import dev.yagura.proto.inventory.v1.AgentServiceGrpc;
import dev.yagura.proto.inventory.v1.EnrollAgentRequest;
import dev.yagura.proto.inventory.v1.EnrollAgentResponse;
import dev.yagura.proto.inventory.v1.GetAgentRequest;
import dev.yagura.proto.inventory.v1.IdentityProof;
import dev.yagura.proto.type.v1.Scope;
import io.grpc.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Which host an agent is, as AWS says it; what copies of a disk come to. */
class AgentIdentityTest {
    @RegisterExtension static final InventoryService SERVICE = new InventoryService();

    private static final String ACCOUNT = "100000000041";
    private static final Scope SCOPE = Enrolling.scope(ACCOUNT);
    private static final String INSTANCE = "i-0123456789abcdef0";

    @Test
    void instanceThatAwsSignedIsProven() {
        EnrollAgentResponse answer =
                enroll(
                        SERVICE.anonymous(),
                        proven(request(token(1), signingRequest(), ""), ACCOUNT, INSTANCE));

        assertThat(answer.getIdentityProof())
                .isEqualTo(IdentityProof.IDENTITY_PROOF_INSTANCE_IDENTITY_DOCUMENT);
        assertThat(answer.getHostId())
                .isEqualTo(AssetIds.of(SCOPE, "AWS::EC2::Instance", INSTANCE).toString());
        Agent agent = get(answer);
        assertThat(agent.getDevice().getInstanceId()).isEqualTo(INSTANCE);
        assertThat(agent.getIdentityProof())
                .isEqualTo(IdentityProof.IDENTITY_PROOF_INSTANCE_IDENTITY_DOCUMENT);
    }

    @Test
    void instanceAtItsWordIsMarkedUntilAProofComes() {
        EnrollAgentRequest unproven = request(token(1), signingRequest(), INSTANCE);
        EnrollAgentResponse first = enroll(SERVICE.anonymous(), unproven);
        assertThat(first.getIdentityProof()).isEqualTo(IdentityProof.IDENTITY_PROOF_UNPROVEN);
        assertThat(get(first).getIdentityProof()).isEqualTo(IdentityProof.IDENTITY_PROOF_UNPROVEN);

        EnrollAgentResponse again =
                enroll(SERVICE.anonymous(), proven(unproven, ACCOUNT, INSTANCE));
        assertThat(again.getAgentId()).isEqualTo(first.getAgentId());
        assertThat(again.getIdentityProof())
                .isEqualTo(IdentityProof.IDENTITY_PROOF_INSTANCE_IDENTITY_DOCUMENT);
        assertThat(enroll(SERVICE.anonymous(), unproven).getIdentityProof())
                .as("a proof is not forgotten")
                .isEqualTo(IdentityProof.IDENTITY_PROOF_INSTANCE_IDENTITY_DOCUMENT);
    }

    @Test
    void documentOfAnotherAccountTakesNoUse() {
        String token = token(1);
        EnrollAgentRequest request = request(token, signingRequest(), INSTANCE);
        assertThatThrownBy(() ->
                        enroll(SERVICE.anonymous(), proven(request, "999999999999", INSTANCE)))
                .hasMessageContaining("account 999999999999")
                .extracting(Status::fromThrowable)
                .extracting(Status::getCode)
                .isEqualTo(Status.Code.INVALID_ARGUMENT);
        enroll(SERVICE.anonymous(), request);
    }

    @Test
    void hundredCopiesOfADiskAreAHundredHosts() {
        String token = token(200);
        byte[] copied = signingRequest();
        EnrollAgentRequest original = request(token, copied, INSTANCE);
        enroll(SERVICE.anonymous(), original);
        EnrollAgentRequest copy = request(token, copied, "i-0123456789abcdef1");
        assertThatThrownBy(() -> enroll(SERVICE.anonymous(), copy))
                .hasMessageContaining("another host's, whose disk was copied")
                .extracting(Status::fromThrowable)
                .extracting(Status::getCode)
                .isEqualTo(Status.Code.UNAUTHENTICATED);
        Set<String> agents = new HashSet<>();
        Set<String> hosts = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            String instance = "i-%08x".formatted(i);
            EnrollAgentResponse own =
                    enroll(
                            SERVICE.anonymous(),
                            proven(request(token, signingRequest(), ""), ACCOUNT, instance));
            agents.add(own.getAgentId());
            hosts.add(own.getHostId());
        }
        assertThat(agents).hasSize(100);
        assertThat(hosts).hasSize(100);
    }

    @Test
    void keyThatHostsOfSeveralBootsReportWithIsNamed() {
        EnrollAgentResponse agent =
                enroll(SERVICE.anonymous(), request(token(1), signingRequest(), INSTANCE));
        heard(agent, "boot-0", false);
        heard(agent, "boot-1", false);
        assertThat(get(agent).hasSharedKeySince()).as("a host that was started again").isFalse();
        TestClock.CLOCK.advance(Duration.ofMinutes(2));
        heard(agent, "boot-1", false);
        for (int i = 2; i < 102; i++) {
            heard(agent, "boot-" + i, false);
            if (i == 2) {
                assertThat(get(agent).hasSharedKeySince()).as("once more").isFalse();
            }
        }
        Agent shared = get(agent);
        assertThat(shared.hasSharedKeySince()).isTrue();
        heard(agent, "boot-101", false);
        assertThat(get(agent).getSharedKeySince()).isEqualTo(shared.getSharedKeySince());

        TestClock.CLOCK.advance(Duration.ofSeconds(91));
        heard(agent, "boot-101", false);
        assertThat(get(agent).hasSharedKeySince()).as("the copies are gone").isFalse();
        heard(agent, "boot-101", true);
        assertThat(get(agent).hasSharedKeySince()).as("two within one write").isTrue();
    }

    @Test
    void reportsOfOneMomentRememberThatTheirBootsDiffer() {
        Instant now = Instant.EPOCH;
        Heartbeat one = heartbeat(now, "boot-1", false);
        assertThat(one.merged(heartbeat(now.plusSeconds(1), "boot-1", false)).ofSeveral())
                .isFalse();
        assertThat(one.merged(heartbeat(now.plusSeconds(1), "", false)).ofSeveral()).isFalse();
        Heartbeat merged =
                one.merged(heartbeat(now.plusSeconds(1), "boot-2", false))
                        .merged(heartbeat(now.plusSeconds(2), "boot-2", false));
        assertThat(merged.ofSeveral()).isTrue();
        assertThat(merged.time()).isEqualTo(now.plusSeconds(2));
    }

    private static void heard(EnrollAgentResponse agent, String bootId, boolean ofSeveral) {
        TestClock.CLOCK.advance(Duration.ofMillis(100));
        SERVICE.bean(HeartbeatStore.class)
                .write(
                        Map.of(
                                UUID.fromString(agent.getAgentId()),
                                heartbeat(TestClock.CLOCK.instant(), bootId, ofSeveral)));
    }

    private static Heartbeat heartbeat(Instant time, String bootId, boolean ofSeveral) {
        return new Heartbeat(
                time, "1.0", bootId, AgentHealth.getDefaultInstance(), ofSeveral, null);
    }

    private static Agent get(EnrollAgentResponse agent) {
        return AgentServiceGrpc.newBlockingStub(SERVICE.admin())
                .getAgent(
                        GetAgentRequest.newBuilder()
                                .setName("agents/" + agent.getAgentId())
                                .build());
    }

    private static EnrollAgentRequest proven(
            EnrollAgentRequest request, String account, String instance) {
        return request.toBuilder()
                .setInstanceIdentity(
                        ByteString.copyFrom(
                                SERVICE.aws()
                                        .sign(
                                                AwsSignatures.document(
                                                        account, SCOPE.getRegion(), instance))))
                .build();
    }

    private static String token(int uses) {
        return Enrolling.token(SERVICE.admin(), SCOPE, uses);
    }
}
