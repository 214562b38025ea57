package dev.yagura.response.pod;

import dev.yagura.response.identity.DenyPlacement.Seen;
import java.util.Optional;

/** Keeps new pods from the node, where that is part of the action. */
final class NodeCordon {
    private static final String PATCH = "k8s:patch nodes";

    private final Contained contained;

    NodeCordon(Contained contained) {
        this.contained = contained;
    }

    boolean isPart() {
        return contained.state().getNodeCordoned();
    }

    private Optional<LiveNode> node() {
        return contained
                .reader()
                .node(contained.state().getNodeName())
                .filter(each -> each.uid().equals(contained.state().getNodeUid()));
    }

    void put() {
        node().filter(each -> !(each.isCordoned() && each.isMarkedBy(contained.id())))
                .filter(each -> !each.isCordonedByOthersThanYagura())
                .ifPresent(each ->
                        contained
                                .change()
                                .cordon(each, contained.id())
                                .make(contained.run(), contained.api()));
    }

    Seen seen() {
        return node().map(each ->
                        new Seen(
                                each.isCordoned(),
                                each.name()
                                        + (each.isCordoned()
                                                ? " takes no new pod"
                                                : " takes new pods")))
                .orElse(new Seen(true, "the node is gone"));
    }

    Seen restore() {
        Optional<LiveNode> found = node();
        if (found.isEmpty()) {
            return new Seen(true, "the node is gone");
        }
        LiveNode node = found.get();
        boolean opened =
                contained
                        .history()
                        .perhapsMade(contained.change().open(node, contained.id()).call());
        if (!node.isMarkedBy(contained.id())) {
            if (contained.history().perhapsMade(PATCH) && !opened) {
                contained.drift(
                        node.name()
                                + " lost the mark of this action meanwhile; left as it is, "
                                + (node.isCordoned() ? "cordoned" : "schedulable"));
            }
            return new Seen(true, seen().detail());
        }
        if (!node.isCordoned()) {
            contained.drift(node.name() + " was made schedulable meanwhile by somebody else");
        }
        contained.change().open(node, contained.id()).make(contained.run(), contained.api());
        return new Seen(
                node().filter(each -> each.isMarkedBy(contained.id())).isEmpty(), seen().detail());
    }
}
