/**
 * The control API under {@code /_sandbox/}: what a test or the demo does to the sandbox that no AWS
 * call can do. JSON in and out; paths are listed in {@link dev.yagura.sandbox.control.ControlApi}.
 */
@NullMarked
package dev.yagura.sandbox.control;

import org.jspecify.annotations.NullMarked;
