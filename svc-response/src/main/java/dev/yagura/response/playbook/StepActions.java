package dev.yagura.response.playbook;

import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.PlaybookRun;
import dev.yagura.response.action.ActionCatalog;
import java.util.Optional;
import java.util.UUID;

/** What a run asks of the actions. */
interface StepActions {
    /** Who cancels and undoes for a run, as the stories of actions have it. */
    String ACTOR = ActionCatalog.PLATFORM;

    /**
     * A new action, or the one that the same request made before.
     *
     * @throws dev.yagura.common.error.YaguraException as {@link ActionCatalog} says
     */
    Action create(PlaybookRun run, ActionCatalog.Order order, UUID requestId);

    /** The action that a request made, if it did. */
    Optional<Action> find(UUID requestId);

    /** As it is now. */
    Action read(String name);

    /** Undoes one that failed; false when there is nothing to undo. */
    boolean undo(String name);

    /** Ends one that has not begun; leaves one that has. */
    void cancelIfNotBegun(String name, String reason);
}
