/** Why the agent ends: one line for people with the remedy, an exit code for programs. */
@NullMarked
package dev.yagura.agent.failure;

import org.jspecify.annotations.NullMarked;
