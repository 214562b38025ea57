package dev.yagura.detection.rule;

import dev.yagura.common.persistence.Transactions;
import dev.yagura.detection.canary.CanarySource;
import dev.yagura.sigma.taxonomy.Mappings;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The rules of one replica on a real database, without a container. */
public final class LiveRules implements AutoCloseable {
    private static final Duration OFTEN = Duration.ofMillis(50);

    private final RuleMappings mappings;
    private final RuleCatalog catalog;
    private final RuleActivity activity;
    private final RuleFollower follower;
    private final SqlRuleStore store;
    private final Clock clock;
    private final RuleConfig config;

    private LiveRules(Transactions transactions, Clock clock, RuleConfig config) {
        this.clock = clock;
        this.config = config;
        mappings =
                new RuleMappings(
                        config.mappings().map(RuleMappings::read).orElseGet(Mappings::standard));
        store = new SqlRuleStore(transactions);
        activity = new RuleActivity(transactions, mappings);
        catalog =
                new RuleCatalog(
                        config,
                        new SqlRuleSetStore(transactions),
                        store,
                        mappings,
                        new RuleCompiler(mappings, mappings::compile),
                        activity::follow);
        catalog.load();
        follower = new RuleFollower(OFTEN, catalog, activity);
    }

    /** A replica that follows the changes of all. */
    public static LiveRules start(Transactions transactions, Clock clock) {
        return start(transactions, clock, List.of(), Optional.empty());
    }

    /** With folders of rules, and with mappings besides the project's own. */
    public static LiveRules start(
            Transactions transactions, Clock clock, List<Path> folders, Optional<Path> mappings) {
        LiveRules rules =
                new LiveRules(transactions, clock, new RuleConfig(folders, mappings, OFTEN));
        rules.follower.start();
        return rules;
    }

    public CanarySource canaries() {
        return catalog;
    }

    public RuleInventory inventory() {
        return new RuleInventory(catalog, store, config, mappings);
    }

    public DetectionRules rules() {
        return catalog;
    }

    public RuleEndpoint endpoint(KeptEvents keptEvents) {
        return RuleSets.endpoint(catalog, mappings, store, keptEvents, clock);
    }

    /** Writes what is else written every 30 s. */
    public void writeActivity() {
        activity.write();
    }

    @Override
    public void close() throws InterruptedException {
        follower.stop();
    }
}
