package dev.yagura.sigma.pack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.yagura.sigma.Diagnostic;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** References from one pack to another, and what deployments do to them. */
class RuleLinkingTest {
    private static final String ONE = "00000000-0000-4000-8000-000000000001";
    private static final String TWO = "00000000-0000-4000-8000-000000000002";
    private static final String FILTER = "00000000-0000-4000-8000-0000000000f1";
    private static final String CORRELATION = "00000000-0000-4000-8000-0000000000c1";

    private final RuleLoader loader = new RuleLoader();

    @Test
    void aFilterIsPutIntoTheRuleOfAnotherPackAsSoonAsThatIsThere() {
        ParsedPack own = pack("custom", filter(ONE));
        Rule alone = rule(link(own), "rules/custom/" + FILTER);
        assertThat(alone.state()).isEqualTo(Rule.State.CANNOT_FIRE);
        assertThat(alone.diagnostics())
                .containsExactly(
                        new Diagnostic(
                                6, 13, "there is no rule with the id or name '" + ONE + "'"));
        List<Rule> both = link(own, pack("sigma", detection(ONE, "one")));
        assertThat(rule(both, "rules/custom/" + FILTER).state()).isEqualTo(Rule.State.ACTIVE);
        assertThat(isFiltered(rule(both, "rules/sigma/" + ONE))).isTrue();
    }

    @Test
    void aRuleOfTheOwnPackComesFirst() {
        List<Rule> rules =
                link(
                        pack("sigma", detection(ONE, "one")),
                        pack("custom", detection(ONE, "one"), filter("one")));
        assertThat(isFiltered(rule(rules, "rules/custom/" + ONE))).isTrue();
        assertThat(isFiltered(rule(rules, "rules/sigma/" + ONE))).isFalse();
    }

    @Test
    void aRuleThatSeveralPacksHaveIsFilteredInEachOfThem() {
        ParsedPack old = pack("old", detection(ONE, "one"));
        ParsedPack newer = pack("new", detection(ONE, "one"));
        List<Rule> rules = link(old, newer, pack("custom", filter(ONE)));
        assertThat(isFiltered(rule(rules, "rules/old/" + ONE))).isTrue();
        assertThat(isFiltered(rule(rules, "rules/new/" + ONE))).isTrue();
        Rule byName =
                rule(link(old, newer, pack("custom", filter("one"))), "rules/custom/" + FILTER);
        assertThat(byName.state()).isEqualTo(Rule.State.CANNOT_FIRE);
        assertThat(said(byName)).contains("several rules have this name: old/0.yml, new/0.yml");
    }

    @Test
    void aCorrelationSaysWhichOfItsRulesIsAmbiguous() {
        ParsedPack old = pack("old", detection(ONE, "one"));
        ParsedPack newer = pack("new", detection(ONE, "one"));
        Rule correlation =
                rule(
                        link(old, newer, pack("custom", correlation(ONE))),
                        "rules/custom/" + CORRELATION);
        assertThat(correlation.state()).isEqualTo(Rule.State.CANNOT_FIRE);
        assertThat(said(correlation))
                .contains("several packs have the rule of this id: old/0.yml, new/0.yml; keep it");
        assertThat(correlation.correlation().orElseThrow().rules()).isEmpty();
    }

    @Test
    void aCorrelationIsLinkedToTheRulesOfAllPacks() {
        ParsedPack own = pack("custom", correlation(ONE, "two"));
        ParsedPack first = pack("a", detection(ONE, "one"));
        Rule half = rule(link(own, first), "rules/custom/" + CORRELATION);
        assertThat(half.state()).isEqualTo(Rule.State.CANNOT_FIRE);
        assertThat(said(half)).contains("no rule with the id or name 'two'");
        Rule whole =
                rule(
                        link(own, first, pack("b", detection(TWO, "two"))),
                        "rules/custom/" + CORRELATION);
        assertThat(whole.state()).isEqualTo(Rule.State.ACTIVE);
        assertThat(whole.correlation().orElseThrow().rules())
                .containsExactly("rules/a/" + ONE, "rules/b/" + TWO);
    }

    @Test
    void aDisabledFilterIsPutIntoNoRule() {
        List<Rule> rules =
                loader.link(
                        List.of(pack("sigma", detection(ONE, "one")), pack("custom", filter(ONE))),
                        new Deployments(Set.of("rules/custom/" + FILTER), Set.of()));
        assertThat(rule(rules, "rules/custom/" + FILTER).state()).isEqualTo(Rule.State.ACTIVE);
        assertThat(isFiltered(rule(rules, "rules/sigma/" + ONE))).isFalse();
    }

    @Test
    void aFilterInShadowIsNotPutIntoARuleThatAlerts() {
        List<Rule> rules =
                loader.link(
                        List.of(
                                pack("sigma", detection(ONE, "one"), detection(TWO, "two")),
                                pack("custom", filter(ONE, TWO))),
                        new Deployments(
                                Set.of(), Set.of("rules/custom/" + FILTER, "rules/sigma/" + TWO)));
        assertThat(isFiltered(rule(rules, "rules/sigma/" + ONE))).isFalse();
        assertThat(isFiltered(rule(rules, "rules/sigma/" + TWO))).isTrue();
        assertThat(said(rule(rules, "rules/custom/" + FILTER)))
                .isEqualTo(
                        "this filter is in shadow and the rule '"
                                + ONE
                                + "' alerts: it is put into the rule when it is alerting too");
    }

    @Test
    void aCorrelationOfADisabledRuleCannotFire() {
        Rule correlation =
                rule(
                        loader.link(
                                List.of(
                                        pack("sigma", detection(ONE, "one")),
                                        pack("custom", correlation(ONE))),
                                new Deployments(Set.of("rules/sigma/" + ONE), Set.of())),
                        "rules/custom/" + CORRELATION);
        assertThat(correlation.state()).isEqualTo(Rule.State.CANNOT_FIRE);
        assertThat(said(correlation)).contains("the rule '" + ONE + "' is disabled");
    }

    @Test
    void onlyACorrelationThatAlertsTakesItsRulesForItself() {
        List<ParsedPack> packs =
                List.of(pack("sigma", detection(ONE, "one")), pack("custom", correlation(ONE)));
        Set<String> correlation = Set.of("rules/custom/" + CORRELATION);
        assertThat(rule(loader.link(packs, Deployments.ALERTING), "rules/sigma/" + ONE))
                .extracting(Rule::raisesAlerts)
                .isEqualTo(false);
        for (Deployments deployments :
                List.of(
                        new Deployments(correlation, Set.of()),
                        new Deployments(Set.of(), correlation))) {
            assertThat(rule(loader.link(packs, deployments), "rules/sigma/" + ONE))
                    .extracting(Rule::raisesAlerts)
                    .isEqualTo(true);
        }
    }

    @Test
    void oneDocumentTakesThePlaceOfAnother() {
        ParsedPack pack = pack("custom", detection(ONE, "one"), detection(TWO, "two"));
        ParsedPack changed = pack.with(ONE, pack("other", detection(ONE, "uno")));
        assertThat(link(changed))
                .extracting(Rule::name, Rule::title)
                .containsExactlyInAnyOrder(
                        tuple("rules/custom/" + TWO, "two"), tuple("rules/custom/" + ONE, "uno"));
        assertThat(pack.ruleNames())
                .containsExactlyInAnyOrder("rules/custom/" + ONE, "rules/custom/" + TWO);
        assertThat(pack.keyedBy(path -> path).ruleNames())
                .containsExactlyInAnyOrder("rules/custom/0.yml", "rules/custom/1.yml");
        assertThatThrownBy(() -> pack.with(ONE, pack)).hasMessageContaining("got 2");
    }

    private List<Rule> link(ParsedPack... packs) {
        return loader.link(List.of(packs), Deployments.ALERTING);
    }

    private ParsedPack pack(String name, String... texts) {
        List<RulePack.RuleFile> files = new ArrayList<>();
        for (String text : texts) {
            files.add(new RulePack.RuleFile(files.size() + ".yml", text, ""));
        }
        return loader.parse(new RulePack(name, files));
    }

    private static Rule rule(List<Rule> rules, String name) {
        return rules.stream().filter(rule -> rule.name().equals(name)).findFirst().orElseThrow();
    }

    private static String said(Rule rule) {
        return rule.diagnostics().getFirst().message();
    }

    private static boolean isFiltered(Rule rule) {
        return rule.sigma().orElseThrow().conditionText().contains("filter");
    }

    private static String detection(String id, String name) {
        return """
        title: %2$s
        id: %1$s
        name: %2$s
        logsource: {product: linux, category: process_creation}
        detection: {sel: {CommandLine|contains: %2$s}, condition: sel}
        """
                .formatted(id, name);
    }

    private static String filter(String... rules) {
        return """
        title: Filter
        id: %s
        logsource: {product: linux, category: process_creation}
        filter:
            selection: {User: ansible}
            rules: [%s]
            condition: not selection
        """
                .formatted(FILTER, String.join(", ", rules));
    }

    private static String correlation(String... rules) {
        return """
        title: Correlation
        id: %s
        correlation:
            type: event_count
            rules: [%s]
            group-by: [User]
            timespan: 10s
            condition: {gte: 3}
        """
                .formatted(CORRELATION, String.join(", ", rules));
    }
}
