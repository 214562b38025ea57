/** What the host is like: which sockets listen and which antivirus runs, read from /proc. */
@NullMarked
package dev.yagura.agent.host;

import org.jspecify.annotations.NullMarked;
