/**
 * Batches on disk until they are acknowledged: append-only segments of records (length, CRC-32C,
 * sequence, payload), a cursor written by write-and-rename, whole segments deleted. What is lost is
 * declared as a gap, never silently. A payload is a TelemetryBatch without its sent time, so a
 * batch never changes once it is spooled.
 */
@NullMarked
package dev.yagura.agent.spool;

import org.jspecify.annotations.NullMarked;
