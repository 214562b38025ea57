/** Files that grow, are rotated and are read on after a restart. */
@NullMarked
package dev.yagura.agent.follow;

import org.jspecify.annotations.NullMarked;
