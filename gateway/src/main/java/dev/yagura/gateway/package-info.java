/**
 * The one public host name. A call comes in by TLS; {@code guard} strips what only the gateway may
 * say, finds who calls ({@code admission} knows the agents, {@code token} the bearer tokens), asks
 * {@code access} whether this method is for such a caller and {@code limit} whether it is not too
 * much, writes {@code audit}, and keeps the call in {@code stream} so that a revocation closes it.
 * Then {@code proxy} passes bytes to the service behind and back, unread; only TokenService is
 * served here.
 */
@org.jspecify.annotations.NullMarked
package dev.yagura.gateway;
