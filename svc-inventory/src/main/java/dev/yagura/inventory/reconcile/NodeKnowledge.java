package dev.yagura.inventory.reconcile;

import dev.yagura.proto.type.v1.Scope;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How far the nodes of a scope are known.
 *
 * @param firstTime when the first complete reading began; null before it
 * @param observedTime when the last complete reading began; null before the first
 * @param failure why the last reading failed; empty when it did not
 */
public record NodeKnowledge(
        Scope scope, @Nullable Instant firstTime, @Nullable Instant observedTime, String failure) {}
