package dev.yagura.detection.feed;

import dev.yagura.proto.ingest.v1.Position;

/**
 * A place in one partition of the log.
 *
 * @param incarnation of the log; empty before anything was read
 * @param offset everything up to it is meant
 */
record Place(String incarnation, long offset) {
    Position position(int partition) {
        return Position.newBuilder()
                .setPartition(partition)
                .setIncarnation(incarnation)
                .setOffset(offset)
                .build();
    }
}
