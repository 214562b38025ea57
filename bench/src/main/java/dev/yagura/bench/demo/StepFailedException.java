package dev.yagura.bench.demo;

/** A step of the demo was not observed; the message says which and what was seen instead. */
final class StepFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StepFailedException(String message) {
        super(message);
    }
}
