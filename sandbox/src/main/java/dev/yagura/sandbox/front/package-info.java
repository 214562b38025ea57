/**
 * The door that AWS requests come through.
 *
 * <p>{@link dev.yagura.sandbox.front.AwsFront} recognizes the service, decodes the parameters,
 * checks signature and permission, applies the faults that a test planned, runs the operation under
 * the one lock of {@link dev.yagura.sandbox.front.Sandbox}, and writes every call with its effect
 * on access into the {@link dev.yagura.sandbox.front.Journal}.
 */
@NullMarked
package dev.yagura.sandbox.front;

import org.jspecify.annotations.NullMarked;
