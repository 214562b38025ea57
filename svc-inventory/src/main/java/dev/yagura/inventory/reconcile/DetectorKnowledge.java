package dev.yagura.inventory.reconcile;

import dev.yagura.proto.type.v1.Scope;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How far GuardDuty is known in a scope.
 *
 * @param observedTime when the last complete reading began; null before the first
 * @param detector as of then; null before the first
 * @param offSince when the first reading began that found it off, of those without a pause; null
 *     while it is on
 * @param failure why the last reading failed; empty when it did not
 */
public record DetectorKnowledge(
        Scope scope,
        @Nullable Instant observedTime,
        @Nullable Detector detector,
        @Nullable Instant offSince,
        String failure) {}
