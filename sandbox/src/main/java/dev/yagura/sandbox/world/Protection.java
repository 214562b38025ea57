package dev.yagura.sandbox.world;

/**
 * What the API refuses to do to an instance.
 *
 * @param termination attribute disableApiTermination
 * @param stop attribute disableApiStop, which protects from termination too
 */
public record Protection(boolean termination, boolean stop) {
    public static final Protection NONE = new Protection(false, false);

    public Protection withTermination(boolean changed) {
        return new Protection(changed, stop);
    }

    public Protection withStop(boolean changed) {
        return new Protection(termination, changed);
    }
}
