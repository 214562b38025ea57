/**
 * Scripts of hosts that really run, on the machine of the sandbox.
 *
 * <p>Only for a sandbox that was started for it: {@link dev.yagura.sandbox.shell.Scripts} exists
 * with {@code --run-scripts} alone. They run as the user of the sandbox and in real time; nothing
 * confines them.
 */
@NullMarked
package dev.yagura.sandbox.shell;

import org.jspecify.annotations.NullMarked;
