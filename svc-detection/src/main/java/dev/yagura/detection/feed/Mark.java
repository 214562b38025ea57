package dev.yagura.detection.feed;

import dev.yagura.proto.type.v1.Scope;

/**
 * The highest batch of a spool that is done.
 *
 * @param receivedNs when ingest took it
 */
record Mark(Spool spool, Scope scope, long sequence, long receivedNs) {
    /** A spool of an agent. */
    record Spool(String agentId, String spoolId) {}
}
