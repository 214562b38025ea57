package dev.yagura.ingest.log;

/** The right to append to a spool, until a newer stream opens it. */
public interface SpoolSession {

    /** Partition of the spool's host. */
    int partition();
}
