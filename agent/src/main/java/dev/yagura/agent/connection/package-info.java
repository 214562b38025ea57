/** Channels to the gateway, and its refusals in the words of the agent's operator. */
@NullMarked
package dev.yagura.agent.connection;

import org.jspecify.annotations.NullMarked;
