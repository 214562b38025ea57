package dev.yagura.sandbox.document;

import java.time.Duration;

/**
 * What a host is to run: a step of a document with its parameters replaced.
 *
 * @param workingDirectory empty for the agent's own
 */
public record Script(
        String stepName, String text, String workingDirectory, Duration executionTimeout) {}
