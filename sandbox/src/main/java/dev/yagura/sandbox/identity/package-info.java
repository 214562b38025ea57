/**
 * Who calls and what they may do: access keys, role sessions, policies, Signature Version 4; and
 * the operations of STS and IAM on them.
 *
 * <p>{@link dev.yagura.sandbox.identity.Authenticator} turns a signed request into an {@link
 * dev.yagura.sandbox.identity.Identity}; the front door asks its {@link
 * dev.yagura.sandbox.identity.Policy} before any operation runs.
 */
@NullMarked
package dev.yagura.sandbox.identity;

import org.jspecify.annotations.NullMarked;
