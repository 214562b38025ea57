package dev.yagura.sandbox.world;

import dev.yagura.sandbox.net.Cidr;
import org.jspecify.annotations.Nullable;

/**
 * One line of a route table; exactly one of the destinations is set.
 *
 * @param target {@code local}, an internet gateway (igw-…), an egress-only one (eigw-…), a NAT
 *     gateway (nat-…) or a gateway endpoint (vpce-…)
 */
public record Route(@Nullable Cidr destination, @Nullable String prefixListId, String target) {
    public Route {
        if ((destination == null) == (prefixListId == null)) {
            throw new IllegalArgumentException("a route has one destination: " + target);
        }
    }

    public boolean isLocal() {
        return target.equals("local");
    }
}
