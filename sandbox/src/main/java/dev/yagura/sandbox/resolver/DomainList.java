package dev.yagura.sandbox.resolver;

import dev.yagura.sandbox.world.Resource;
import java.time.Instant;
import java.util.Collection;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A list of domains.
 *
 * @param domains in lower case, with a dot at their end
 * @param changing until when it is updating, or deleting
 */
record DomainList(
        String id,
        String name,
        String token,
        SortedSet<String> domains,
        Instant changing,
        boolean ending)
        implements Resource {

    DomainList {
        domains = new TreeSet<>(domains);
    }

    String status(Instant now) {
        if (ending) {
            return "DELETING";
        }
        return changing.isAfter(now) ? "UPDATING" : "COMPLETE";
    }

    DomainList with(Collection<String> changed, Instant until) {
        return new DomainList(id, name, token, new TreeSet<>(changed), until, false);
    }

    DomainList ending(Instant until) {
        return new DomainList(id, name, token, domains, until, true);
    }
}
