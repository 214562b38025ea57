package dev.yagura.sigma.pack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The public rules, where they are beside the repository. */
class SigmaCorpusTest {
    private static final Logger LOG = LoggerFactory.getLogger(SigmaCorpusTest.class);
    private static final Path CORPUS = Path.of("../../shared/data/sigma");

    @BeforeAll
    static void needsTheCorpus() {
        assumeTrue(
                Files.isDirectory(CORPUS),
                () -> "no public Sigma rules at " + CORPUS.toAbsolutePath().normalize());
    }

    @Test
    void linuxRulesLoad() {
        Map<Rule.State, Integer> counts = counts(CORPUS.resolve("rules/linux"));
        assertThat(counts.getOrDefault(Rule.State.INVALID, 0)).isZero();
        assertThat(counts.get(Rule.State.ACTIVE)).isGreaterThan(180);
    }

    @Test
    void everythingLoads() {
        Map<Rule.State, Integer> counts = counts(CORPUS);
        int all = counts.values().stream().mapToInt(Integer::intValue).sum();
        assertThat(all).isGreaterThan(3000);
        assertThat(counts.getOrDefault(Rule.State.INVALID, 0)).isLessThan(10);
    }

    private static Map<Rule.State, Integer> counts(Path folder) {
        List<Rule> rules = new RuleLoader().load(RulePackReader.folder(folder));
        Map<Rule.State, Integer> counts = new TreeMap<>();
        rules.forEach(rule -> counts.merge(rule.state(), 1, Integer::sum));
        LOG.atInfo()
                .addKeyValue("folder", folder)
                .addKeyValue("states", counts)
                .log("public rules loaded");
        return counts;
    }
}
