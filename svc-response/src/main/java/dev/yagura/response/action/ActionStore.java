package dev.yagura.response.action;

import dev.yagura.common.watch.ChangeWatcher;
import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionFilter;
import dev.yagura.proto.response.v1.ActionKind;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Actions, and who runs them. Every write is one transaction with its evidence and its change
 * number; etag and update time are the store's. All times are the database's.
 */
interface ActionStore {

    /**
     * What is new.
     *
     * @param action its name is set, everything else too but etag and update time
     * @param lane see {@link Procedure.Prospect}
     * @param requestId of the caller; null for a proposal
     * @param contentDigest tells whether a request is the same as an earlier one
     * @param proposalIncident that it is proposed for; null unless a proposal
     * @param automationLimit of automated actions that start, within an hour in the account
     * @param due how long there is time to run it, or to approve it
     */
    record NewAction(
            UUID id,
            Action action,
            String lane,
            @Nullable UUID requestId,
            String contentDigest,
            @Nullable UUID proposalIncident,
            int automationLimit,
            Duration due) {}

    /** What an earlier request made. */
    record Earlier(Action action, String contentDigest) {}

    /** An action as it is, with what only the runner needs. */
    record Stored(UUID id, Action action, String lane, int attempts, boolean overdue) {}

    /**
     * Right to run an action.
     *
     * @param epoch higher than that of every lease before; the store refuses writes with an older
     *     one
     */
    record Lease(UUID id, long epoch) {}

    /** How an insert or a start ended. */
    enum Claim {
        TAKEN,
        /** The request id, or a proposal for the incident, is there already. */
        EXISTS,
        /** Another action holds the same of the instance. */
        INSTANCE_HELD,
        /** Programs have started as many actions as they may. */
        LIMITED
    }

    Claim insert(NewAction created);

    /**
     * Inserts a proposal unless there was one for the incident or for one merged into it, an open
     * one for the same of the instance, or an action that holds it.
     */
    Claim propose(NewAction proposal, Set<UUID> mergedIncidents);

    Optional<Action> find(UUID id);

    Optional<Earlier> findByRequest(UUID requestId);

    /** Name of the action that holds it. */
    Optional<String> holder(HoldSubject subject);

    /**
     * Newest first.
     *
     * @param accounts only these; empty for every account
     * @param after ids below this only
     */
    List<Action> list(ActionFilter filter, Set<String> accounts, @Nullable UUID after, int limit);

    Map<UUID, Action> load(List<UUID> ids);

    /**
     * Changes an action that no runner has begun to change the world for: the operator decides
     * under a lock and returns the same action to change nothing. A change that makes it runnable
     * gives it a new deadline and new attempts, and takes hold of the instance when it is approved;
     * one that ends it takes the work back from a runner.
     *
     * @param due see {@link NewAction}
     * @param lane that a new plan found; empty leaves it
     * @return the action as it is then; empty when another one holds the instance
     * @throws dev.yagura.common.error.NotFoundException no such action
     */
    Optional<Action> change(
            UUID id, Duration due, Optional<String> lane, UnaryOperator<Action> operator);

    /** Ends up to 100 actions whose time to be approved is over; true when there may be more. */
    boolean expireProposals(UnaryOperator<Action> operator);

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
     * @param operators one after the other, each with evidence of its own, in one transaction
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
     */
    boolean enter(Lease lease, String section, Duration longest);

    void leave(Lease lease, String section);

    /**
     * Writes the end of applying or undoing, and whether the instance is still held.
     *
     * @param operators see {@link #write}
     */
    void finish(Lease lease, boolean holdsInstance, List<UnaryOperator<Action>> operators);

    /** Gives the work back, to go on after a pause; zero for one that was only interrupted. */
    void giveBack(Lease lease, Duration pause);

    /** The same after an attempt that failed nowhere: failures are counted anew from here. */
    void rest(Lease lease, Duration pause);

    /** Where a watch goes on after a list. */
    String cursor();

    ChangeWatcher watcher();
}
