/**
 * Credentials that IAM itself can take away, wherever they are used: access keys of users, sessions
 * of roles, and users and roles themselves.
 *
 * <p>{@link dev.yagura.response.identity.IdentityReader} reads IAM, always live; {@link
 * dev.yagura.response.identity.Platform} is who must not be cut off. Of each kind there is a survey
 * of what was read, a preflight that refuses, a plan, and the class that applies, watches and
 * undoes; {@link dev.yagura.response.identity.DisabledKeys} is that for one key, and for those that
 * {@link dev.yagura.response.identity.AccessKeyEradication} takes with findings of a host. Kinds
 * that put a deny inside a principal share them, and differ by their {@link
 * dev.yagura.response.identity.Denial}. IAM tells its regions of a change little by little: what
 * was changed is read back until it is seen, and calls are safe to make again.
 */
@org.jspecify.annotations.NullMarked
package dev.yagura.response.identity;
