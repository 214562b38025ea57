package dev.yagura.sandbox.scaling;

/**
 * An instance registered with a target group.
 *
 * @param state {@code initial}, {@code healthy}, {@code unhealthy}, {@code draining}, …
 */
public record Target(String instanceId, int port, String state) {}
