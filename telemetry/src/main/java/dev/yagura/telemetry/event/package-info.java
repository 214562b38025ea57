/**
 * What every format has in common: parsers turn lines into events of the telemetry contract, and
 * events are kept within their limits.
 */
@NullMarked
package dev.yagura.telemetry.event;

import org.jspecify.annotations.NullMarked;
