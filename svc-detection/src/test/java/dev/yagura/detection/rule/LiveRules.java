package dev.yagura.detection.rule;

import dev.yagura.common.persistence.Transactions;
import dev.yagura.detection.canary.CanarySource;
import dev.yagura.sigma.engine.RuleSetCompiler;
import dev.yagura.sigma.taxonomy.Mappings;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/** The rules of one replica on a real database, without a container. */
public final class LiveRules implements AutoCloseable {
    private static final Duration OFTEN = Duration.ofMillis(50);

    private final RuleCatalog catalog;
    private final RuleActivity activity;
    private final RuleFollower follower;
    private final SqlRuleStore store;
    private final Clock clock;
    private final RuleConfig config;

    private LiveRules(
            Transactions transactions, Clock clock, RuleCompiler.Engine engine, Path... folders) {
        this.clock = clock;
        store = new SqlRuleStore(transactions);
        activity = new RuleActivity(transactions);
        config = new RuleConfig(List.of(folders), OFTEN);
        catalog =
                new RuleCatalog(
                        config,
                        new SqlRuleSetStore(transactions),
                        store,
                        new RuleCompiler(engine),
                        activity::follow);
        catalog.load();
        follower = new RuleFollower(OFTEN, catalog, activity);
    }

    /** A replica that follows the changes of all. */
    public static LiveRules start(Transactions transactions, Clock clock, Path... folders) {
        LiveRules rules = new LiveRules(transactions, clock, RuleSetCompiler::compile, folders);
        rules.follower.start();
        return rules;
    }

    /** The same, with other mappings. */
    public static LiveRules start(Transactions transactions, Clock clock, Mappings mappings) {
        LiveRules rules =
                new LiveRules(
                        transactions,
                        clock,
                        (version, inputs) -> RuleSetCompiler.compile(version, inputs, mappings));
        rules.follower.start();
        return rules;
    }

    public CanarySource canaries() {
        return catalog;
    }

    public RuleInventory inventory() {
        return new RuleInventory(catalog, store, config);
    }

    public DetectionRules rules() {
        return catalog;
    }

    public RuleEndpoint endpoint(KeptEvents keptEvents) {
        return RuleSets.endpoint(catalog, store, keptEvents, clock);
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
