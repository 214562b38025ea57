package dev.yagura.sandbox.resolver;

import dev.yagura.sandbox.world.Resource;
import java.time.Instant;

/**
 * That a VPC obeys a rule group.
 *
 * @param changing until when it is updating, or deleting
 */
record Association(
        String id,
        String groupId,
        String vpcId,
        String name,
        int priority,
        String token,
        Instant changing,
        boolean ending)
        implements Resource {

    String status(Instant now) {
        if (ending) {
            return "DELETING";
        }
        return changing.isAfter(now) ? "UPDATING" : "COMPLETE";
    }

    Association ending(Instant until) {
        return new Association(id, groupId, vpcId, name, priority, token, until, true);
    }
}
