package dev.yagura.detection;

import dev.yagura.detection.rule.DetectionRules;
import dev.yagura.detection.rule.RuleSnapshot;
import dev.yagura.proto.detection.v1.MatchedField;
import dev.yagura.proto.detection.v1.RuleReference;
import dev.yagura.proto.detection.v1.Severity;
import dev.yagura.proto.telemetry.v1.Device;
import dev.yagura.proto.telemetry.v1.Event;
import dev.yagura.sigma.engine.EventMatcher;
import dev.yagura.sigma.engine.RuleMatch;
import dev.yagura.sigma.taxonomy.SensorEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Alternative;
import java.util.ArrayList;
import java.util.List;

/** A few rules that look for a word, instead of the service's own. */
@Alternative
@Priority(1)
@ApplicationScoped
public class TestRules implements DetectionRules, EventMatcher {
    private static final List<Rule> RULES =
            List.of(
                    new Rule(
                            "shell",
                            "Web service runs a shell",
                            "sh -c",
                            "execution",
                            "T1059.004",
                            Severity.SEVERITY_HIGH),
                    new Rule(
                            "download",
                            "Download to a temporary folder",
                            "-o /tmp/",
                            "command-and-control",
                            "T1105",
                            Severity.SEVERITY_MEDIUM),
                    new Rule(
                            "metadata",
                            "Instance credentials read",
                            "security-credentials",
                            "credential-access",
                            "T1552.005",
                            Severity.SEVERITY_HIGH),
                    new Rule(
                            "cron",
                            "Cron file written",
                            "/etc/cron.d/",
                            "persistence",
                            "T1053.003",
                            Severity.SEVERITY_MEDIUM),
                    new Rule(
                            "beacon",
                            "Connection to an unusual port",
                            "port:8443",
                            "command-and-control",
                            "T1571",
                            Severity.SEVERITY_MEDIUM),
                    new Rule(
                            "hidden",
                            "Hidden file runs",
                            "/.sysupd",
                            "execution",
                            "T1059.004",
                            Severity.SEVERITY_MEDIUM));

    private final RuleSnapshot snapshot = RuleSnapshot.alerting(this);

    private record Rule(
            String id,
            String title,
            String word,
            String tactic,
            String technique,
            Severity severity) {
        RuleMatch match() {
            return new RuleMatch(
                    RuleReference.newBuilder()
                            .setId(id)
                            .setName("rules/test/" + id)
                            .setPack("test")
                            .setTitle(title)
                            .addTechniques(technique)
                            .addTactics(tactic)
                            .setRuleSetVersion(1)
                            .build(),
                    severity,
                    List.of(MatchedField.newBuilder().setField("keywords").setValue(word).build()),
                    "keywords");
        }
    }

    @Override
    public RuleSnapshot current() {
        return snapshot;
    }

    @Override
    public long ruleSetVersion() {
        return 1;
    }

    @Override
    public List<RuleMatch> match(Device device, SensorEvent sensed) {
        Event event = sensed.core();
        String text =
                (event.getClassUid() == 1007 ? event.getProcess().getCmdLine() : "")
                        + " "
                        + event.getFile().getPath()
                        + " port:"
                        + event.getDstEndpoint().getPort()
                        + " ";
        List<RuleMatch> matches = new ArrayList<>();
        for (Rule rule : RULES) {
            if (text.contains(rule.word())) {
                matches.add(rule.match());
            }
        }
        return matches;
    }
}
