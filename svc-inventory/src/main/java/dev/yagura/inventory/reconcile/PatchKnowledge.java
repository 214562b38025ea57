package dev.yagura.inventory.reconcile;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the patches of an instance.
 *
 * @param state null where Patch Manager never looked at it
 * @param observedTime when the last complete reading of its scope began; null before the first
 * @param failure why the last reading failed; empty when it did not
 */
public record PatchKnowledge(
        @Nullable PatchState state, @Nullable Instant observedTime, String failure) {}
