package dev.yagura.response.action;

import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionKind;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;

/**
 * Who runs which action, and what they write. As in {@link ActionStore}, every write is one
 * transaction with its evidence and its change number, and all times are the database's.
 */
interface RunStore {

    /**
     * Right to run an action.
     *
     * @param epoch higher than that of every lease before; the store refuses writes with an older
     *     one
     */
    record Lease(UUID id, long epoch) {}

    /** An action as it is, with what only the runner needs. */
    record Stored(UUID id, Action action, String lane, int attempts, boolean overdue) {}

    /**
     * Takes work that nobody has, one action of a lane at a time.
     *
     * @param lease how long until another may take it if nothing is written
     */
    Optional<Lease> claim(Duration lease);

    /**
     * Takes an action in force that nobody has looked at for so long. One that is to be undone
     * meanwhile waits until its watcher is done.
     *
     * @param kinds of these only
     */
    Optional<Lease> claimWatch(Set<ActionKind> kinds, Duration interval, Duration lease);

    /**
     * @throws LeaseLostException another runner has it
     */
    Stored read(Lease lease);

    /**
     * Writes what the runner did, and extends its lease.
     *
     * @param operators one after the other, each with evidence of its own, in one transaction; they
     *     may be called more than once
     * @throws LeaseLostException another runner has it
     */
    Action write(Lease lease, Duration extension, List<UnaryOperator<Action>> operators);

    /**
     * Extends the lease of a runner that waits for something.
     *
     * @throws LeaseLostException another runner has it
     */
    void extend(Lease lease, Duration extension);

    /**
     * Enters what one action at a time may be in, unless another is.
     *
     * @param section unique in the installation
     * @param longest how long until another may enter if this one never leaves
     * @throws LeaseLostException another runner has it
     */
    boolean enter(Lease lease, String section, Duration longest);

    void leave(Lease lease, String section);

    /**
     * Writes the end of applying or undoing, and whether the instance is still held.
     *
     * @param operators see {@link #write}
     * @throws LeaseLostException another runner has it
     */
    void finish(Lease lease, boolean holdsInstance, List<UnaryOperator<Action>> operators);

    /**
     * Gives the work back, to go on after a pause; zero for one that was only interrupted.
     *
     * @throws LeaseLostException another runner has it
     */
    void giveBack(Lease lease, Duration pause);

    /** The same after an attempt that failed nowhere: failures are counted anew from here. */
    void rest(Lease lease, Duration pause);
}
