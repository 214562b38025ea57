package dev.yagura.sandbox.seed;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An account beside the first.
 *
 * @param instances in each region
 * @param standing as {@link dev.yagura.sandbox.organization.Standing} names it; ACTIVE if left out
 */
public record AccountSeed(
        String id, String name, List<String> regions, int instances, @Nullable String standing) {
    public AccountSeed {
        regions = List.copyOf(regions);
        if (regions.isEmpty()) {
            throw new IllegalArgumentException("account " + id + " has no region");
        }
    }
}
