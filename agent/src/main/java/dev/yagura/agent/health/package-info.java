/** How the agent is: heartbeats on a stream of their own, and a file for `status`. */
@NullMarked
package dev.yagura.agent.health;

import org.jspecify.annotations.NullMarked;
