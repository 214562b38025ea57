package dev.yagura.sandbox.identity;

import dev.yagura.sandbox.wire.Principal;
import org.jspecify.annotations.Nullable;

/**
 * A caller and what it may do.
 *
 * @param session null for a user
 */
public record Identity(Principal principal, Policy policy, @Nullable RoleSession session) {}
