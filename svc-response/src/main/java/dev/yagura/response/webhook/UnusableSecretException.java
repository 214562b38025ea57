package dev.yagura.response.webhook;

/** A file has no secret to sign with. Its content is never in the message. */
final class UnusableSecretException extends Exception {
    private static final long serialVersionUID = 1L;

    UnusableSecretException(String message) {
        super(message);
    }
}
