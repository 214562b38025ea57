/**
 * What ran on a host, as the log tells it: a bounded table of processes and of files they wrote,
 * from which an alert takes its ancestors. Derived from the log in its order, so a replay makes the
 * same table.
 */
@org.jspecify.annotations.NullMarked
package dev.yagura.detection.process;
