package dev.yagura.ingest.log;

/** What became of an append. */
public sealed interface AppendOutcome {

    /** Durable at this offset. */
    record Stored(long offset) implements AppendOutcome {}

    /** Loss is counted, the sequence numbers are used up. */
    record Recorded() implements AppendOutcome {}

    /** The sequence number was used up before. */
    record Duplicate() implements AppendOutcome {}

    /** A sequence number before it is missing. */
    record Expected(long sequence) implements AppendOutcome {}

    /** A newer stream has the spool. */
    record Fenced() implements AppendOutcome {}

    /** No room: nothing was written. */
    record Full() implements AppendOutcome {}

    /** The store is away: whether it was written is not known; the same again finds out. */
    record Unavailable() implements AppendOutcome {}
}
