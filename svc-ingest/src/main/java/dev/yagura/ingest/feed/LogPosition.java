package dev.yagura.ingest.feed;

/** A place in the log; see the message Position. */
record LogPosition(int partition, String incarnation, long offset) {}
