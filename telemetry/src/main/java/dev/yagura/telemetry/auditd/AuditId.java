package dev.yagura.telemetry.auditd;

/**
 * Names an audit event: serials are unique only together with the time.
 *
 * @param timeNanos UTC; audit has milliseconds
 */
record AuditId(long timeNanos, long serial) {}
