/**
 * Who the agent is: a key that never leaves the host, a certificate for it against a token, and the
 * folder that keeps both.
 */
@NullMarked
package dev.yagura.agent.enrollment;

import org.jspecify.annotations.NullMarked;
