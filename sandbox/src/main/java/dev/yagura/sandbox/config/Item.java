package dev.yagura.sandbox.config;

import java.time.Instant;

/**
 * A configuration item.
 *
 * @param capturedAt when the change was noticed
 * @param deliveredAt from when on it is told
 * @param subject as it was then; of a deleted resource as it was before
 */
record Item(Status status, Instant capturedAt, Instant deliveredAt, Subject subject) {

    /** AWS's words for what was done with a resource. */
    enum Status {
        OK("OK"),
        DISCOVERED("ResourceDiscovered"),
        NOT_RECORDED("ResourceNotRecorded"),
        DELETED("ResourceDeleted"),
        DELETED_NOT_RECORDED("ResourceDeletedNotRecorded");

        private final String text;

        Status(String text) {
            this.text = text;
        }

        String text() {
            return text;
        }

        boolean isDeleted() {
            return this == DELETED || this == DELETED_NOT_RECORDED;
        }

        /** Whether the item has a configuration. */
        boolean isRecorded() {
            return this == OK || this == DISCOVERED;
        }
    }

    ResourceKey key() {
        return subject.key();
    }
}
