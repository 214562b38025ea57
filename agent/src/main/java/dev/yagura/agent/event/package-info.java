/**
 * What every format has in common: parsers turn lines into events of the telemetry contract, events
 * are kept within their limits, and what goes wrong is counted and said in words.
 */
@NullMarked
package dev.yagura.agent.event;

import org.jspecify.annotations.NullMarked;
