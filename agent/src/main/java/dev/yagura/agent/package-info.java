/**
 * The agent: reads what the sensors of a Linux host record, maps it to events of the telemetry
 * contract, keeps them in a spool on disk and sends them to the gateway. The commands are here; one
 * package for each step: follow → auditd, sysmon → spool → delivery, with enrollment and health
 * beside them.
 */
@NullMarked
package dev.yagura.agent;

import org.jspecify.annotations.NullMarked;
