package dev.yagura.sandbox.shell;

/**
 * How a script ended.
 *
 * @param exitCode 128 and the signal's number if it was killed
 * @param timedOut whether it was killed for running too long
 */
public record ScriptResult(
        int exitCode, String standardOutput, String standardError, boolean timedOut) {}
