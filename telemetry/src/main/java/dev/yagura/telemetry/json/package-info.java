/**
 * JSON as sensors and exports write it: objects one after another, in an array, or in CloudTrail's
 * wrapper, on one line each or over many. {@link dev.yagura.telemetry.json.JsonSplitter} cuts them
 * out of a stream, {@link dev.yagura.telemetry.json.JsonRecord} holds the values of one by their
 * paths.
 */
@NullMarked
package dev.yagura.telemetry.json;

import org.jspecify.annotations.NullMarked;
