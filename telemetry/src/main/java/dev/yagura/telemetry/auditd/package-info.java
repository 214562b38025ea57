/**
 * Linux audit records in the raw format of auditd (also enriched, also as AUOMS sends them): lines
 * become records, records of one serial become an audit event, and with the process table that
 * becomes an event of the telemetry contract. docs/reference/telemetry-mapping.md is the table.
 */
@NullMarked
package dev.yagura.telemetry.auditd;

import org.jspecify.annotations.NullMarked;
