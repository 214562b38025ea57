package dev.yagura.ingest.log;

import dev.yagura.proto.type.v1.AgentIdentity;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Agents' batches, durable and in order, by partition. Offsets are dense, from 1. A partition and
 * an offset are a place only together with the log's incarnation: after a loss there is another
 * one.
 *
 * <p>Reads throw {@link dev.yagura.common.error.DependencyUnavailableException} while the store is
 * away; appends say so in their outcome.
 */
public interface EventLog {

    /** Of this log; another value means another log. */
    String incarnation();

    /** Number of partitions, fixed when the log was made. */
    int partitions();

    /** The partition of a host: xxh64 of its id's text, modulo the number of partitions. */
    int partitionOf(String hostId);

    /**
     * Takes over a spool: streams that opened it before are fenced.
     *
     * @param spoolId UUID in lower case
     */
    CompletableFuture<OpenOutcome> open(AgentIdentity agent, String spoolId);

    /**
     * Writes at the spool's next sequence number, durably before it completes. Appends of a spool
     * take effect in the order of the calls. Never completes exceptionally; completes on a thread
     * that must not be blocked.
     */
    CompletableFuture<AppendOutcome> append(Append append);

    /**
     * Writes an entry of no spool, as durably as a batch; no ledger counts it. Completes like
     * {@link #append}, with {@link AppendOutcome.Stored}, {@link AppendOutcome.Full} or {@link
     * AppendOutcome.Unavailable}.
     *
     * @param entry a serialized LogEntry with a canary
     */
    CompletableFuture<AppendOutcome> appendCanary(int partition, byte[] entry);

    /**
     * Entries after an offset, in order.
     *
     * @param max entries at most
     * @param wait how long to wait for the first one; zero asks once
     * @return no entries when none came in time
     */
    LogPage read(int partition, long after, int max, Duration wait) throws InterruptedException;

    /** First and last kept entry of each partition, by partition. */
    List<Bounds> bounds();

    /** Like {@link #bounds()} of one partition. */
    Bounds bounds(int partition);

    /**
     * Deletes entries below an offset; offsets of what stays do not change.
     *
     * @param firstKept lowest offset that stays; above the tail means everything may go
     * @return entries deleted
     */
    long trim(int partition, long firstKept);
}
