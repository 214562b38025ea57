/**
 * Sends the spool to the log: one stream, a window of unacknowledged bytes, an answer for each
 * batch. Nothing is taken from the spool before the log has it or has refused it for good.
 */
@NullMarked
package dev.yagura.agent.delivery;

import org.jspecify.annotations.NullMarked;
