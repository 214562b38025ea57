package dev.yagura.sandbox.organization;

import dev.yagura.sandbox.identity.Directory;
import java.time.Instant;
import java.util.List;

/**
 * An account.
 *
 * @param regions that it has; the first is its home, where its global services are
 * @param directory one for all its regions
 */
public record Member(
        String id,
        String name,
        List<String> regions,
        Directory directory,
        Standing standing,
        Instant joined) {
    public Member {
        regions = List.copyOf(regions);
    }

    Member as(Standing other) {
        return new Member(id, name, regions, directory, other, joined);
    }
}
