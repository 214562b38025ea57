package dev.yagura.inventory.change;

/** A message that will not be read the next time either; the text says why, for people. */
final class UnreadableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnreadableException(String reason) {
        super(reason);
    }
}
