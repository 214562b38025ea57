package dev.yagura.sandbox.identity;

import dev.yagura.sandbox.wire.Principal;

/** A caller and what it may do. */
public record Identity(Principal principal, Policy policy) {}
