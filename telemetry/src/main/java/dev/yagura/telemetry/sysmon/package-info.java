/**
 * Sysmon for Linux: one event as XML after a syslog prefix on each line, mapped one to one.
 * docs/reference/telemetry-mapping.md is the table.
 */
@NullMarked
package dev.yagura.telemetry.sysmon;

import org.jspecify.annotations.NullMarked;
