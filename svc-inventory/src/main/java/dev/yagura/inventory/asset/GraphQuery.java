package dev.yagura.inventory.asset;

import dev.yagura.inventory.access.Visibility;
import java.util.Set;
import java.util.TreeSet;

/**
 * How far a graph goes.
 *
 * @param depth steps from the start
 * @param types that are visited; empty means every type
 * @param maxNodes the start included
 */
record GraphQuery(Visibility visibility, int depth, Set<String> types, int maxNodes) {
    /** It only ties instances to a role: passing it is no step. */
    static final String PROFILE = "AWS::IAM::InstanceProfile";

    private static final String ROLE = "AWS::IAM::Role";

    GraphQuery {
        types = Set.copyOf(types);
    }

    /** With instance profiles, where roles are visited or the walk starts at one. */
    GraphQuery from(Asset start) {
        if (!types.contains(ROLE) && (types.isEmpty() || !start.resourceType().equals(ROLE))) {
            return this;
        }
        Set<String> more = new TreeSet<>(types);
        more.add(PROFILE);
        return new GraphQuery(visibility, depth, more, maxNodes);
    }

    boolean visits(String type) {
        return types.isEmpty() || types.contains(type);
    }
}
