package dev.yagura.inventory.coverage;

import dev.yagura.inventory.asset.Asset;
import dev.yagura.proto.inventory.v1.CoverageStanding;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where an asset stands.
 *
 * @param agentId the agent that was judged; null where none is enrolled
 */
public record Coverage(
        Asset asset,
        CoverageStanding standing,
        @Nullable UUID agentId,
        List<Finding> gaps,
        List<Finding> unknowns) {
    public Coverage {
        gaps = List.copyOf(gaps);
        unknowns = List.copyOf(unknowns);
    }

    Stream<Finding> findings() {
        return Stream.concat(gaps.stream(), unknowns.stream());
    }
}
