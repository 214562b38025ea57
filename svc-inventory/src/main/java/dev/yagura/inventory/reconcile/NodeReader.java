package dev.yagura.inventory.reconcile;

import dev.yagura.common.log.LogKeys;
import dev.yagura.common.text.Texts;
import dev.yagura.inventory.access.Scopes;
import dev.yagura.proto.type.v1.Scope;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads which instances of a scope Systems Manager manages. */
@ApplicationScoped
class NodeReader {
    private static final Logger LOG = LoggerFactory.getLogger(NodeReader.class);
    private static final int REASON_LENGTH = 500;

    private final NodeSource source;
    private final NodeStore store;
    private final Clock clock;

    @Inject
    NodeReader(NodeSource source, NodeStore store, Clock clock) {
        this.source = source;
        this.store = store;
        this.clock = clock;
    }

    /** All of it or nothing: what a failed reading has seen is not kept. */
    void read(Scope scope) {
        Instant asked = clock.instant().truncatedTo(ChronoUnit.MICROS);
        List<ManagedNode> nodes;
        try {
            nodes = source.nodes(scope);
        } catch (RuntimeException e) {
            String reason = String.valueOf(e.getMessage());
            LOG.atWarn()
                    .addKeyValue(LogKeys.KEY, Scopes.text(scope))
                    .addKeyValue(LogKeys.REASON, reason)
                    .log("cannot read which instances Systems Manager manages; trying again");
            store.fail(scope, Texts.clip(reason, REASON_LENGTH));
            return;
        }
        store.replace(scope, nodes, asked);
    }
}
