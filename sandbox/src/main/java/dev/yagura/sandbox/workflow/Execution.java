package dev.yagura.sandbox.workflow;

import java.time.Instant;

/** A run of a state machine. */
record Execution(String arn, StateMachine machine, String name, String input, Instant started) {

    Instant end() {
        return started.plus(machine.takes());
    }

    boolean isEnded(Instant now) {
        return !end().isAfter(now);
    }

    String status(Instant now) {
        if (!isEnded(now)) {
            return "RUNNING";
        }
        return machine.error().isEmpty() ? "SUCCEEDED" : "FAILED";
    }
}
