/**
 * The log to its consumers: entries of a partition in order ({@link
 * dev.yagura.ingest.feed.EventFeed}), how far each consumer has come ({@link
 * dev.yagura.ingest.feed.ConsumerPositions}), and trimming behind all of them ({@link
 * dev.yagura.ingest.feed.LogTrimmer}).
 *
 * <p>Positions are in PostgreSQL, not in Redis: a log that is full refuses writes, and then a
 * consumer must still be able to say what may be deleted.
 */
@org.jspecify.annotations.NullMarked
package dev.yagura.ingest.feed;
