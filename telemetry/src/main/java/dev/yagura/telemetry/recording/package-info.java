/**
 * Files of recorded telemetry: {@link dev.yagura.telemetry.recording.Recording} tells the format by
 * the content and reads it, all in order or in pieces for several threads.
 */
@NullMarked
package dev.yagura.telemetry.recording;

import org.jspecify.annotations.NullMarked;
