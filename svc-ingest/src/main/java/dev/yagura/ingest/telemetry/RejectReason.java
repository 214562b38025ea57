package dev.yagura.ingest.telemetry;

import java.util.Locale;

/** Why a batch will never be accepted; the ledger's reason for its loss. */
enum RejectReason {
    HOST_MISMATCH,
    SCOPE_MISMATCH,
    TOO_LARGE,
    EVENT_COUNT,
    DAMAGED,
    SCHEMA_VERSION,
    EVENT_TOO_LARGE;

    /** As it is in the ledger, for example "too_large". */
    String ledgerName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
