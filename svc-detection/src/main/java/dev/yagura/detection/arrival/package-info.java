/** Which kinds of telemetry arrive, and when the newest of each came. */
@org.jspecify.annotations.NullMarked
package dev.yagura.detection.arrival;
