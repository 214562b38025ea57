package dev.yagura.sigma.pack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Which public rules can fire on what the readers deliver. Those that cannot are in
 * target/cannot-fire.txt with their reasons.
 */
class CorpusCoverageTest {
    private static final Path CORPUS = Path.of("../../shared/data/sigma");
    private static final Path REPORT = Path.of("target/cannot-fire.txt");
    private static final double WANTED = 0.95;

    @Test
    void nearlyAllRulesForKnownLogsCanFire() throws IOException {
        assumeTrue(
                Files.isDirectory(CORPUS),
                () -> "no public Sigma rules at " + CORPUS.toAbsolutePath().normalize());
        List<Rule> rules = new RuleLoader().load(RulePackReader.folder(CORPUS));
        Files.writeString(
                REPORT,
                rules.stream()
                        .filter(rule -> rule.state() == Rule.State.CANNOT_FIRE)
                        .map(rule ->
                                rule.sourcePath() + ": " + rule.diagnostics().getFirst().message())
                        .collect(Collectors.joining("\n", "", "\n")));
        for (String product : List.of("windows", "linux", "aws")) {
            List<Rule> its = rules.stream().filter(rule -> product(rule).equals(product)).toList();
            long active = its.stream().filter(rule -> rule.state() == Rule.State.ACTIVE).count();
            assertThat(its).as(product).isNotEmpty();
            assertThat((double) active / its.size()).as(product).isGreaterThan(WANTED);
        }
    }

    private static String product(Rule rule) {
        return rule.sigma().map(sigma -> sigma.logSource().product()).orElse("");
    }
}
