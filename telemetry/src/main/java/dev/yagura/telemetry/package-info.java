/**
 * Readers of what sensors write. Each package turns one family of formats into {@link
 * dev.yagura.proto.telemetry.v1.Event}; the agent forwards what comes out, the offline scan matches
 * it where it is.
 */
@NullMarked
package dev.yagura.telemetry;

import org.jspecify.annotations.NullMarked;
