package dev.yagura.response.playbook;

import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.PlaybookRun;
import dev.yagura.response.action.ActionCatalog;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** The actions of a run, which end as it was decided. */
final class DecidedActions implements StepActions {
    private final Decisions decided;
    private final Map<UUID, Action> byRequest = new HashMap<>();
    private final List<String> story = new ArrayList<>();

    DecidedActions(Decisions decided) {
        this.decided = decided;
    }

    /** What was asked for, in order. */
    List<String> story() {
        return story;
    }

    @Override
    public synchronized Action create(PlaybookRun run, ActionCatalog.Order order, UUID requestId) {
        return byRequest.computeIfAbsent(
                requestId,
                id -> {
                    story.add(Decisions.asked(order.kind().name(), order.target().getInstanceId()));
                    return Action.newBuilder()
                            .setName("actions/" + id)
                            .setKind(order.kind())
                            .setTarget(order.target())
                            .build();
                });
    }

    @Override
    public synchronized Optional<Action> find(UUID requestId) {
        return Optional.ofNullable(byRequest.get(requestId));
    }

    @Override
    public synchronized Action read(String name) {
        Action action = find(UUID.fromString(name.substring("actions/".length()))).orElseThrow();
        return action.toBuilder()
                .setState(decided.of(action.getKind().name(), action.getTarget().getInstanceId()))
                .build();
    }

    @Override
    public synchronized boolean undo(String name) {
        return false;
    }

    @Override
    public synchronized void cancelIfNotBegun(String name, String reason) {
        story.add("cancelled");
    }
}
