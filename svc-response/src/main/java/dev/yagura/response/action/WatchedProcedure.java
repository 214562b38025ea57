package dev.yagura.response.action;

/** A kind whose actions are watched while they are in force, until they are undone. */
public interface WatchedProcedure extends Procedure {

    /**
     * Reads back what was applied; does again what others changed, and says so. Told every so often
     * while the action is in force.
     *
     * @throws RetryLaterException not now
     * @throws ActionFailedException it cannot be done again
     */
    void watch(ActionRun run);
}
