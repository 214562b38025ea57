package dev.yagura.gateway.audit;

import java.util.List;

/** Where entries stay. */
interface AuditStore {
    /** Stores all of them or none. */
    void append(List<AuditEntry> entries);
}
