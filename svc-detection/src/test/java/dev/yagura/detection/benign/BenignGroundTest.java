package dev.yagura.detection.benign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.yagura.proto.detection.v1.Alert;
import dev.yagura.proto.detection.v1.Severity;
import dev.yagura.sigma.engine.EventMatcher;
import dev.yagura.sigma.engine.RuleSetCompiler;
import dev.yagura.sigma.pack.Rule;
import dev.yagura.sigma.pack.RuleLoader;
import dev.yagura.sigma.pack.RulePack;
import dev.yagura.sigma.pack.RulePackReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The recorded ordinary work: how much of it the rules take for an attack. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BenignGroundTest {
    private static final Path PAGE = Path.of("../docs/reference/benign-ground.md");
    private static final Path PUBLIC_RULES = Path.of("../../shared/data/sigma/rules/linux");

    /** A build of its own folder, so that a report is never mistaken for documentation. */
    private static final Path PUBLIC_REPORT = Path.of("target/benign-ground-public-rules.md");

    private final List<BenignHost> hosts = BenignHost.all();
    private final Map<String, List<FalseAlarms.Raised>> own = new TreeMap<>();
    private final Map<String, List<FalseAlarms.Raised>> others = new TreeMap<>();

    @BeforeAll
    void replay() {
        List<EventMatcher> ruleSets = new ArrayList<>(List.of(matcher(RulePackReader.own())));
        if (Files.isDirectory(PUBLIC_RULES)) {
            ruleSets.add(matcher(RulePackReader.folder(PUBLIC_RULES)));
        }
        for (BenignHost host : hosts) {
            List<List<FalseAlarms.Raised>> raised = FalseAlarms.of(host, ruleSets);
            own.put(host.role(), raised.getFirst());
            if (raised.size() > 1) {
                others.put(host.role(), raised.getLast());
            }
        }
    }

    @Test
    void theGroundIsLarge() {
        HostDays days = new HostDays(own);
        assertThat(hosts).hasSizeGreaterThanOrEqualTo(5);
        assertThat(days.hosts().stream().mapToLong(HostDays.HostRow::events).sum())
                .isGreaterThanOrEqualTo(100_000);
    }

    @Test
    void ownRulesRaiseNothingHigh() {
        List<String> high = new ArrayList<>();
        own.forEach((role, runs) ->
                runs.forEach(raised ->
                        raised.alerts().stream()
                                .filter(alert ->
                                        alert.getSeverity().compareTo(Severity.SEVERITY_HIGH) >= 0)
                                .forEach(alert ->
                                        high.add(
                                                role
                                                        + " "
                                                        + raised.run().job()
                                                        + " "
                                                        + say(alert)))));
        assertThat(high).isEmpty();
    }

    @Test
    void thePageIsCurrent() throws IOException {
        String expected = BenignPage.of(hosts, new HostDays(own));
        if (Boolean.getBoolean("yagura.docs.write")) {
            Files.writeString(PAGE, expected);
        }
        assertThat(PAGE)
                .as("run this test with -Dyagura.docs.write=true to write the page anew")
                .hasContent(expected);
    }

    @Test
    void publicRulesAreReported() throws IOException {
        assumeTrue(
                !others.isEmpty(),
                () -> "no public Sigma rules at " + PUBLIC_RULES.toAbsolutePath().normalize());
        HostDays days = new HostDays(others);
        Files.writeString(
                PUBLIC_REPORT,
                BenignPage.of(hosts, days)
                        .replace("the project's own rules", "the rules in " + PUBLIC_RULES));
        assertThat(days.rules()).isNotEmpty();
    }

    private static EventMatcher matcher(RulePack pack) {
        return RuleSetCompiler.compile(
                1,
                new RuleLoader()
                        .load(pack).stream()
                                .filter(rule -> rule.state() == Rule.State.ACTIVE)
                                .map(rule -> rule.input(1))
                                .toList());
    }

    private static String say(Alert alert) {
        var event = alert.getFirstMatches(0).getEvent();
        return alert.getRule().getTitle()
                + ": "
                + event.getActor().getCmdLine()
                + " > "
                + event.getProcess().getCmdLine()
                + " "
                + event.getFile().getPath()
                + " "
                + event.getDstEndpoint().getIp();
    }
}
