/**
 * Syslog as files and collectors have it: RFC 3164, RFC 5424, with ISO times, journald's JSON.
 * {@link dev.yagura.telemetry.syslog.SyslogMessage} is what they have in common.
 */
@NullMarked
package dev.yagura.telemetry.syslog;

import org.jspecify.annotations.NullMarked;
