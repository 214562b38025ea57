package dev.yagura.ingest.log;

/** What became of a try to take over a spool. */
public sealed interface OpenOutcome {

    /**
     * The spool is the caller's.
     *
     * @param expectedSequence next sequence number that is accepted
     */
    record Opened(SpoolSession session, long expectedSequence) implements OpenOutcome {}

    /** The spool belongs to another agent. */
    record OtherAgent() implements OpenOutcome {}

    /** The log is away or full: nothing changed, as far as is known. */
    record Unavailable(String reason) implements OpenOutcome {}
}
