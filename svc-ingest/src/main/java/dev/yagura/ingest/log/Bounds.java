package dev.yagura.ingest.log;

/**
 * What a partition holds.
 *
 * @param first offset of the oldest entry kept; last + 1 when there is none
 * @param last offset of the newest entry ever appended; 0 before the first
 */
public record Bounds(long first, long last) {}
