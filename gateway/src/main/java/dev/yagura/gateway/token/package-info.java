/**
 * Bearer tokens: made, listed and revoked by admins, kept as hashes, believed until they end. A
 * revocation reaches every gateway through a change feed.
 */
@org.jspecify.annotations.NullMarked
package dev.yagura.gateway.token;
