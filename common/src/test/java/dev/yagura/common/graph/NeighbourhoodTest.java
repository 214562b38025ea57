package dev.yagura.common.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yagura.common.graph.Neighbourhood.Found;
import dev.yagura.proto.inventory.v1.AssetEdge;
import dev.yagura.proto.inventory.v1.AssetGraph;
import dev.yagura.proto.inventory.v1.AssetNode;
import dev.yagura.proto.inventory.v1.OmittedNeighbours;
import java.util.List;
import org.junit.jupiter.api.Test;

class NeighbourhoodTest {
    private static final String INSTANCE = "AWS::EC2::Instance";
    private static final String GROUP = "AWS::EC2::SecurityGroup";

    @Test
    void edgeThatLeadsOutIsRefusedOnEitherSide() {
        for (int outside : new int[] {-1, 1}) {
            assertThatThrownBy(() -> new Neighbourhood(graph(edge(0, outside))))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> new Neighbourhood(graph(edge(outside, 0))))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void whatTwoPlacesLeftOutMayBeTheSame() {
        AssetNode crowded =
                node(GROUP).toBuilder()
                        .addOmitted(
                                OmittedNeighbours.newBuilder()
                                        .setResourceType(INSTANCE)
                                        .setCount(7))
                        .build();
        Neighbourhood around =
                new Neighbourhood(
                        graph(edge(0, 1), edge(0, 2), edge(3, 1)).toBuilder()
                                .addNodes(crowded)
                                .addNodes(crowded)
                                .addNodes(node(INSTANCE))
                                .build());

        Found found = around.beside(around.beside(around.start(), GROUP).places(), INSTANCE);

        assertThat(found.places()).hasSize(1);
        assertThat(found.count()).as("at least").isEqualTo(8);
    }

    private static AssetGraph graph(AssetEdge... edges) {
        return AssetGraph.newBuilder().addNodes(node(INSTANCE)).addAllEdges(List.of(edges)).build();
    }

    private static AssetNode node(String type) {
        return AssetNode.newBuilder().setResourceType(type).setNativeId("id").build();
    }

    private static AssetEdge edge(int source, int target) {
        return AssetEdge.newBuilder().setSource(source).setTarget(target).build();
    }
}
