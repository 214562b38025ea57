package dev.yagura.sandbox.wire;

/** One authenticated call. */
public record Call(Principal principal, Parameters parameters) {}
