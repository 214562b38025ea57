package dev.yagura.inventory.coverage;

import dev.yagura.common.config.Settings;
import dev.yagura.inventory.InventoryService;
import dev.yagura.inventory.TestClock;
import dev.yagura.inventory.access.Visibility;
import dev.yagura.inventory.agent.AgentCatalog;
import dev.yagura.inventory.asset.AssetCatalog;
import dev.yagura.inventory.filter.Filter;
import dev.yagura.inventory.reconcile.DetectorStore;
import dev.yagura.inventory.reconcile.NodeStore;
import dev.yagura.inventory.reconcile.ReadingStore;
import dev.yagura.proto.inventory.v1.AssetCoverage;
import dev.yagura.proto.inventory.v1.CoverageScope;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The ledger with its default settings: the service of tests does not require GuardDuty. */
public final class StrictLedger {
    private final CoverageLedger ledger;

    public StrictLedger(InventoryService service) {
        this.ledger =
                new CoverageLedger(
                        service.bean(AssetCatalog.class),
                        service.bean(AgentCatalog.class),
                        service.bean(NodeStore.class),
                        service.bean(DetectorStore.class),
                        service.bean(ReadingStore.class),
                        Settings.of("yagura.inventory", Map.of()),
                        TestClock.CLOCK);
    }

    /** At most 500 of an account. */
    public List<AssetCoverage> of(String account) {
        return ledger
                .list(
                        new CoverageSelection(
                                Optional.of(new Visibility(Set.of(account))),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Filter.ALL),
                        Optional.empty(),
                        500)
                .coverage()
                .stream()
                .map(CoverageProtos::message)
                .toList();
    }

    /** How fresh the only scope of an account is known. */
    public CoverageScope scope(String account) {
        Visibility visibility = new Visibility(Set.of(account));
        return CoverageProtos.message(
                        ledger.count(visibility),
                        ledger.live(visibility),
                        ledger.nodes(),
                        ledger.detectors())
                .getScopes(0);
    }
}
