package dev.yagura.response.aws;

/** An error that says itself what it means for an action, in the words of who answered. */
public interface Explained {
    /** For the caller. */
    RuntimeException whilePlanning();

    /** For the runner. */
    RuntimeException whileRunning();
}
