package dev.yagura.ingest.feed;

/**
 * How far a consumer has come in a partition.
 *
 * @param position all entries up to here are processed
 * @param replayFloor lowest offset still needed after a restart
 */
record ConsumerPosition(
        String consumer, int partition, String incarnation, long position, long replayFloor) {}
