package dev.yagura.cli.rule;

import dev.yagura.cli.connection.Connection;
import dev.yagura.cli.output.Output;
import dev.yagura.cli.output.Output.Column;
import dev.yagura.cli.output.Texts;
import dev.yagura.proto.detection.v1.ListRulesRequest;
import dev.yagura.proto.detection.v1.Rule;
import dev.yagura.proto.detection.v1.RuleState;
import dev.yagura.proto.detection.v1.RuleStatistics;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToLongFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** `yagura rules stats`. */
@Command(
        name = "stats",
        mixinStandardHelpOptions = true,
        description = "What active rules did so far, over all replicas; the busiest first.",
        footer = {
            "",
            "Examples:",
            "  yagura rules stats --top 20",
            "  yagura rules stats --by cost",
            "  yagura rules stats --by never"
        })
final class StatsCommand implements Runnable {
    private static final int ALL = 100_000;

    static final List<Column<Rule>> COLUMNS =
            List.of(
                    count("EVALUATED", RuleStatistics::getEvaluatedEvents),
                    count("MATCHES", RuleStatistics::getMatches),
                    count("ALERTS", RuleStatistics::getAlerts),
                    count("ALERTS/DAY", RuleStatistics::getAlertsLastDay),
                    count("SHADOW", RuleStatistics::getShadowMatches),
                    count("SHADOW ALERTS/DAY", RuleStatistics::getShadowAlertsLastDay),
                    count("EXCEPTED", RuleStatistics::getExceptedMatches),
                    count("NS/EVENT", RuleStatistics::getCostNs),
                    new Column<>(
                            "LAST MATCH",
                            rule -> Texts.time(rule.getStatistics().getLastMatchTime())),
                    new Column<>("DEPLOYMENT", RulesCommand::deployment),
                    new Column<>("TITLE", Rule::getTitle),
                    new Column<>("NAME", Rule::getName));

    @Mixin private Connection connection = new Connection();
    @Mixin private Output output = new Output();

    /** What comes first. */
    enum Order {
        /** The most matches of any kind. */
        matches,
        /** The most alerts of the last day, those of rules in shadow included. */
        alerts,
        /** The dearest. */
        cost,
        /** Only those that never matched, by name. */
        never
    }

    @Option(
            names = "--by",
            defaultValue = "matches",
            description = "${COMPLETION-CANDIDATES} (default ${DEFAULT-VALUE}).")
    private Order order = Order.matches;

    @Option(names = "--top", defaultValue = "50", description = "At most so many.")
    private int top;

    @Option(names = "--pack", defaultValue = "", description = "Only this pack.")
    private String pack = "";

    @Override
    public void run() {
        List<Rule> rules =
                RulesCommand.all(
                        connection,
                        ListRulesRequest.newBuilder()
                                .setPack(pack)
                                .setState(RuleState.RULE_STATE_ACTIVE)
                                .build(),
                        ALL);
        output.print(sorted(rules, order).stream().limit(top).toList(), COLUMNS);
    }

    static List<Rule> sorted(List<Rule> rules, Order order) {
        return switch (order) {
            case matches -> by(rules, StatsCommand::matches);
            case alerts ->
                    by(
                            rules,
                            rule ->
                                    rule.getStatistics().getAlertsLastDay()
                                            + rule.getStatistics().getShadowAlertsLastDay());
            case cost -> by(rules, rule -> rule.getStatistics().getCostNs());
            case never -> rules.stream().filter(rule -> matches(rule) == 0).toList();
        };
    }

    private static List<Rule> by(List<Rule> rules, ToLongFunction<Rule> value) {
        return rules.stream().sorted(Comparator.comparingLong(value).reversed()).toList();
    }

    private static long matches(Rule rule) {
        RuleStatistics statistics = rule.getStatistics();
        return statistics.getMatches()
                + statistics.getShadowMatches()
                + statistics.getExceptedMatches();
    }

    private static Column<Rule> count(String title, ToLongFunction<RuleStatistics> value) {
        return new Column<>(title, rule -> Long.toString(value.applyAsLong(rule.getStatistics())));
    }
}
