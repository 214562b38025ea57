package dev.yagura.sandbox.front;

/**
 * What goes back to the client.
 *
 * @param lost whether to close the connection instead
 */
public record Reply(int status, String contentType, String requestId, String body, boolean lost) {}
