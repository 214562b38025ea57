package dev.yagura.bench.load;

import com.google.protobuf.ByteString;

/**
 * What an agent spools as one unit.
 *
 * @param events zstd frame of an EventBatch
 * @param eventCount events in the frame
 * @param firstEventTimeNanos time of the first one, nanoseconds UTC
 */
public record Batch(ByteString events, int eventCount, long firstEventTimeNanos) {}
