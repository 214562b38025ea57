package dev.yagura.response.action;

import dev.yagura.common.ids.ResourceName;
import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionFilter;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionState;
import dev.yagura.proto.response.v1.ActionTarget;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What other actions did to an instance, for kinds that go by it. */
@ApplicationScoped
public class PastActions {
    private static final String COLLECTION = "actions";
    private static final int MOST = 500;

    private final ActionStore store;

    @Inject
    PastActions(ActionStore store) {
        this.store = store;
    }

    /** The action of a kind that holds the instance now. */
    public Optional<Action> inForce(ActionKind kind, ActionTarget target) {
        return store.holder(HoldSubject.of(kind, instance(target)))
                .map(name -> ResourceName.parse(COLLECTION, name))
                .flatMap(store::find);
    }

    /** Those of a kind that succeeded and were not undone, newest first. */
    public List<Action> succeeded(ActionKind kind, ActionTarget target) {
        ActionFilter filter =
                ActionFilter.newBuilder()
                        .setInstanceId(target.getInstanceId())
                        .setState(ActionState.ACTION_STATE_SUCCEEDED)
                        .build();
        return store.list(filter, Set.of(target.getScope().getAccountId()), null, MOST).stream()
                .filter(action -> action.getKind() == kind)
                .filter(action -> action.getTarget().getScope().equals(target.getScope()))
                .toList();
    }

    private static ActionTarget instance(ActionTarget target) {
        return ActionTarget.newBuilder()
                .setScope(target.getScope())
                .setInstanceId(target.getInstanceId())
                .build();
    }
}
