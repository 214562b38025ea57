package dev.yagura.ingest.log;

/**
 * An entry as it was appended.
 *
 * @param offset its place in the partition
 * @param bytes a serialized LogEntry; not copied, not to be changed
 */
@SuppressWarnings("ArrayRecordComponent")
public record StoredEntry(long offset, byte[] bytes) {}
