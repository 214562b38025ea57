/**
 * Who calls. The gateway makes a {@link dev.yagura.common.identity.Principal} from a token or a
 * client certificate; services take it from the gateway only, and ask it what it may see.
 */
@org.jspecify.annotations.NullMarked
package dev.yagura.common.identity;
