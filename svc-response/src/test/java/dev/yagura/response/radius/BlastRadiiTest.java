package dev.yagura.response.radius;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.common.graph.AssetGraphs;
import dev.yagura.common.graph.Neighbourhood;
import dev.yagura.proto.inventory.v1.GetAssetGraphRequest;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.BlastRadius;
import org.junit.jupiter.api.Test;

class BlastRadiiTest {
    @Test
    void whateverFailsThePlanGoesOn() {
        BlastRadii radii = new BlastRadii(new Broken());

        BlastRadius radius =
                radii.ask(
                                ActionKind.ACTION_KIND_ISOLATE_INSTANCE,
                                ActionTarget.newBuilder().setInstanceId("i-1").build())
                        .get()
                        .orElseThrow();

        assertThat(radius.getUnknownReason()).contains("not understood");
        assertThat(radius.getSummary()).startsWith("what depends on it is not known");
    }

    private static final class Broken implements AssetGraphs {
        @Override
        public Neighbourhood around(GetAssetGraphRequest request) {
            throw new IllegalStateException("broken");
        }

        @Override
        public void close() {}
    }
}
