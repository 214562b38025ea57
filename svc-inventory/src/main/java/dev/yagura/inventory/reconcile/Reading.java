package dev.yagura.inventory.reconcile;

import dev.yagura.proto.type.v1.Scope;
import java.util.UUID;

/**
 * One reading of a scope, by the replica that holds its lease.
 *
 * @param reader this replica
 * @param generation number of the reading
 */
public record Reading(Scope scope, UUID reader, long generation) {}
