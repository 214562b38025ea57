package dev.yagura.inventory.software;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.inventory.asset.Asset;
import dev.yagura.inventory.reconcile.ManagedNode;
import dev.yagura.inventory.reconcile.NodeKnowledge;
import dev.yagura.proto.type.v1.Scope;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SoftwareDoubtTest {
    private static final Instant NOW = Instant.parse("2026-11-27T09:00:00Z");
    private static final UUID ID = new UUID(0, 1);
    private static final ManagedNode MANAGED =
            new ManagedNode(ID, "Online", NOW, "Amazon Linux", "2023", null);
    private static final ManagedNode LEFT =
            new ManagedNode(ID, "Online", NOW, "Amazon Linux", "2023", NOW);
    private static final NodeKnowledge READ = nodes(NOW, "");

    @Test
    void freshListOfAManagedHostIsInNoDoubt() {
        assertThat(doubt(listed(Duration.ofHours(23), 0, ""), MANAGED, READ)).isEmpty();
    }

    @Test
    void oldAndIncompleteListsSaySo() {
        assertThat(doubt(listed(Duration.ofHours(25), 3, "AccessDenied"), LEFT, READ))
                .contains(
                        "captured at 2026-11-26T08:00:00Z, more than a day ago",
                        "manages the host no more",
                        "3 more entries are not kept",
                        "the last reading failed: AccessDenied");
        assertThat(doubt(new SoftwareStore.Known(true, null, true, 0, ""), MANAGED, READ))
                .contains("does not say when");
    }

    @Test
    void eachReasonForKnowingNothingIsNamed() {
        SoftwareStore.Known never = new SoftwareStore.Known(false, null, false, 0, "");
        assertThat(doubt(never, null, null)).contains("was not read so far");
        assertThat(doubt(never, null, nodes(null, "NoWay"))).contains("could not be read: NoWay");
        assertThat(doubt(never, null, READ)).contains("does not manage the host");
        assertThat(doubt(never, LEFT, READ)).contains("does not manage the host");
        assertThat(doubt(never, MANAGED, READ)).contains("not read yet");
        assertThat(doubt(new SoftwareStore.Known(false, null, false, 0, "Denied"), MANAGED, READ))
                .contains("could not be read: Denied", "ssm:ListInventoryEntries");
        assertThat(doubt(new SoftwareStore.Known(false, null, true, 0, ""), MANAGED, READ))
                .contains("AWS-GatherSoftwareInventory");
    }

    @Test
    void hostsThatAreGoneOrOutsideEc2AreNoInstances() {
        SoftwareStore.Known known = listed(Duration.ZERO, 0, "");
        assertThat(new SoftwareDoubt(host(Asset.INSTANCE, NOW), known, MANAGED, READ).text(NOW))
                .contains("is gone");
        assertThat(new SoftwareDoubt(host(Asset.HOST, null), known, null, READ).text(NOW))
                .contains("outside EC2");
    }

    private static String doubt(
            SoftwareStore.Known known, @Nullable ManagedNode node, @Nullable NodeKnowledge nodes) {
        return new SoftwareDoubt(host(Asset.INSTANCE, null), known, node, nodes).text(NOW);
    }

    private static SoftwareStore.Known listed(Duration age, int leftOut, String failure) {
        return new SoftwareStore.Known(true, NOW.minus(age), true, leftOut, failure);
    }

    private static NodeKnowledge nodes(@Nullable Instant read, String failure) {
        return new NodeKnowledge(Scope.getDefaultInstance(), read, read, failure);
    }

    private static Asset host(String type, @Nullable Instant gone) {
        return new Asset(
                ID,
                Scope.getDefaultInstance(),
                type,
                "i-1",
                "running",
                dev.yagura.proto.inventory.v1.Asset.getDefaultInstance(),
                1,
                NOW,
                gone,
                NOW,
                List.of());
    }
}
