package dev.yagura.response.playbook;

import dev.yagura.common.error.PreconditionFailedException;
import dev.yagura.common.identity.Principal;
import dev.yagura.common.ids.ResourceName;
import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.PlaybookRun;
import dev.yagura.proto.type.v1.PrincipalKind;
import dev.yagura.proto.type.v1.Role;
import dev.yagura.response.action.ActionCatalog;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** The service's own actions, asked for in the name of whoever started the run. */
final class CatalogActions implements StepActions {
    private static final String COLLECTION = "actions";

    private static final Principal PLATFORM = Principal.service(ACTOR);

    private final ActionCatalog catalog;

    CatalogActions(ActionCatalog catalog) {
        this.catalog = catalog;
    }

    @Override
    public Action create(PlaybookRun run, ActionCatalog.Order order, UUID requestId) {
        return catalog.create(order, requestId, starter(run));
    }

    @Override
    public Optional<Action> find(UUID requestId) {
        return catalog.findByRequest(requestId);
    }

    @Override
    public Action read(String name) {
        return catalog.visible(ResourceName.parse(COLLECTION, name), PLATFORM);
    }

    @Override
    public boolean undo(String name) {
        try {
            catalog.undo(ResourceName.parse(COLLECTION, name), "its step is tried again", PLATFORM);
            return true;
        } catch (PreconditionFailedException e) {
            // Of a kind that cannot be undone, and so holds nothing when it has failed.
            return false;
        }
    }

    @Override
    public void cancelIfNotBegun(String name, String reason) {
        try {
            catalog.cancel(ResourceName.parse(COLLECTION, name), reason, PLATFORM);
        } catch (PreconditionFailedException e) {
            // It has begun: it goes on to its own end, which its record tells.
            return;
        }
    }

    /** Within the account that the run may act in. */
    private static Principal starter(PlaybookRun run) {
        return new Principal(
                run.getAutomated()
                        ? PrincipalKind.PRINCIPAL_KIND_AUTOMATION
                        : PrincipalKind.PRINCIPAL_KIND_USER,
                run.getStartedBy(),
                run.getStartedBy(),
                Role.ROLE_RESPONDER,
                Set.of(StepOrders.scope(run.getSnapshot()).getAccountId()),
                Optional.empty(),
                null);
    }
}
