package dev.yagura.sandbox.workflow;

import java.time.Duration;

/**
 * A state machine.
 *
 * @param type STANDARD or EXPRESS
 * @param takes how long each execution runs
 * @param error that executions end with; empty when they succeed, with their input as output
 */
public record StateMachine(String arn, String name, String type, Duration takes, String error) {}
