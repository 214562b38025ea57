package dev.yagura.inventory.asset;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import dev.yagura.inventory.Enrolling;
import dev.yagura.inventory.InventoryService;
import dev.yagura.inventory.TestClock;
import dev.yagura.proto.inventory.v1.AssetServiceGrpc;
import dev.yagura.proto.inventory.v1.AssetVersion;
import dev.yagura.proto.inventory.v1.GetAssetRequest;
import dev.yagura.proto.inventory.v1.ListAssetVersionsRequest;
import dev.yagura.proto.type.v1.Scope;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class PastAgentsTest {
    @RegisterExtension static final InventoryService SERVICE = new InventoryService();

    private static final Scope SCOPE = Enrolling.scope("100000000061");
    private static final Hosts HOSTS = new Hosts(SERVICE, SCOPE);

    @Test
    void hostHadTheAgentsThatHadEnrolledByThen() {
        SERVICE.postgres()
                .execute("UPDATE asset_history SET begin_time = now() - interval '1 day'");
        TestClock.CLOCK.advance(Duration.ofMinutes(1));
        String name = HOSTS.enroll("past");
        Instant first = TestClock.CLOCK.instant();
        TestClock.CLOCK.advance(Duration.ofMinutes(1));
        HOSTS.enroll("past");
        assertThat(agentsAt(name, first.plusSeconds(1))).isEqualTo(1);
        assertThat(agentsAt(name, TestClock.CLOCK.instant())).isEqualTo(2);
        assertThat(
                        stub().listAssetVersions(
                                        ListAssetVersionsRequest.newBuilder()
                                                .setParent(name)
                                                .build())
                                .getVersionsList())
                .extracting(AssetVersion::getStartTime)
                .as("another agent is no version")
                .containsExactly(AssetProtos.timestamp(first));
    }

    private static int agentsAt(String name, Instant time) {
        return stub().getAsset(
                        GetAssetRequest.newBuilder()
                                .setName(name)
                                .setReadTime(
                                        Timestamp.newBuilder()
                                                .setSeconds(time.getEpochSecond())
                                                .setNanos(time.getNano()))
                                .build())
                .getAgentsCount();
    }

    private static AssetServiceGrpc.AssetServiceBlockingStub stub() {
        return AssetServiceGrpc.newBlockingStub(SERVICE.admin(SCOPE.getAccountId()));
    }
}
