package dev.yagura.inventory.reconcile;

import dev.yagura.common.log.LogKeys;
import dev.yagura.inventory.asset.AssetSet;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads a set of whatever kind. What fails is noted by whoever reads it, and throws nothing. */
@ApplicationScoped
class SetReader {
    private static final Logger LOG = LoggerFactory.getLogger(SetReader.class);

    private final ScopeReader assets;
    private final NodeReader nodes;
    private final AccountReader accounts;
    private final AccountFactReader accountFacts;
    private final DetectorReader detectors;

    @Inject
    SetReader(
            ScopeReader assets,
            NodeReader nodes,
            AccountReader accounts,
            AccountFactReader accountFacts,
            DetectorReader detectors) {
        this.assets = assets;
        this.nodes = nodes;
        this.accounts = accounts;
        this.accountFacts = accountFacts;
        this.detectors = detectors;
    }

    void read(AssetSet set) {
        try {
            if (AssetSets.isAccounts(set)) {
                accounts.read(set);
                return;
            }
            if (AssetSets.isAccountFacts(set)) {
                accountFacts.read(set);
                return;
            }
            ScopeReader.Outcome outcome = assets.read(set);
            // Afterwards, so that it neither delays nor fails a reading of the instances, and by
            // the replica that had the turn.
            if (outcome == ScopeReader.Outcome.COMPLETE && AssetSets.isInstances(set)) {
                nodes.read(set.scope());
                detectors.read(set.scope());
            }
        } catch (RuntimeException e) {
            LOG.atWarn()
                    .addKeyValue(LogKeys.KEY, set.text())
                    .addKeyValue(LogKeys.REASON, String.valueOf(e.getMessage()))
                    .log("cannot begin a reading; trying again");
        }
    }
}
