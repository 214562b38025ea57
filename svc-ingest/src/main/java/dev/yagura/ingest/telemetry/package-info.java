/**
 * Batches from agents.
 *
 * <p>{@link dev.yagura.ingest.telemetry.TelemetryEndpoint} receives on the transport's threads and
 * only enqueues. A {@link dev.yagura.ingest.telemetry.TelemetryStream} hands its messages, in
 * order, to workers, which check them ({@link dev.yagura.ingest.telemetry.BatchCheck}) and append
 * them; the next message is asked for as appends complete, and one {@link
 * dev.yagura.ingest.telemetry.ByteBudget} bounds what all streams hold.
 *
 * <pre>
 *   first message ──open──► opening ──epoch──► open ──half close, drain──► finishing ──► closed
 *                              └── other agent, log away, fenced, protocol error ─────────┘
 * </pre>
 */
@org.jspecify.annotations.NullMarked
package dev.yagura.ingest.telemetry;
