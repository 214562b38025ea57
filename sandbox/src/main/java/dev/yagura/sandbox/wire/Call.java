package dev.yagura.sandbox.wire;

/**
 * One authenticated call.
 *
 * @param content what a REST service was sent; parameters have everything of the others
 */
public record Call(Principal principal, Parameters parameters, byte[] content) {}
