/** What goes wrong on the way from lines to events: counted, and said in words. */
@NullMarked
package dev.yagura.agent.event;

import org.jspecify.annotations.NullMarked;
