package dev.yagura.response.action;

import dev.yagura.common.watch.ChangeWatcher;
import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionFilter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Actions, as whoever asks for them and reads them sees them; {@link RunStore} has the runners'
 * side. Every write is one transaction with its evidence and its change number; etag and update
 * time are the store's. All times are the database's.
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

    /**
     * How an insert ended.
     *
     * @param stored the action as it is stored; empty unless it was taken
     */
    record Insertion(Claim claim, Optional<Action> stored) {
        static Insertion taken(Action stored) {
            return new Insertion(Claim.TAKEN, Optional.of(stored));
        }

        static Insertion refused(Claim claim) {
            return new Insertion(claim, Optional.empty());
        }
    }

    Insertion insert(NewAction created);

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

    /** Where a watch goes on after a list. */
    String cursor();

    ChangeWatcher watcher();
}
