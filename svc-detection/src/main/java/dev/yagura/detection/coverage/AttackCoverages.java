package dev.yagura.detection.coverage;

import dev.yagura.common.persistence.Transactions;
import dev.yagura.detection.alert.Nanos;
import dev.yagura.detection.arrival.SqlArrivals;
import dev.yagura.detection.canary.CanaryReport;
import dev.yagura.detection.canary.CanaryRounds;
import dev.yagura.detection.rule.RuleInventory;
import dev.yagura.proto.detection.v1.AttackCoverage;
import dev.yagura.proto.detection.v1.CoveringRule;
import dev.yagura.proto.detection.v1.RuleProof;
import dev.yagura.proto.detection.v1.TechniqueCoverage;
import dev.yagura.proto.detection.v1.UncountedReason;
import dev.yagura.proto.detection.v1.UncountedRules;
import dev.yagura.sigma.LogSource;
import dev.yagura.sigma.SigmaRule;
import dev.yagura.sigma.pack.AttackTags;
import dev.yagura.sigma.pack.Rule;
import dev.yagura.sigma.taxonomy.EventKind;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;

/** Which techniques are covered, and why rules that name others do not count. */
@ApplicationScoped
class AttackCoverages {
    private static final int MOST_NAMES = 20;

    private final RuleInventory inventory;
    private final RuleProofs proofs;
    private final CanaryRounds canaries;
    private final Transactions transactions;
    private final Clock clock;

    @Inject
    AttackCoverages(
            RuleInventory inventory,
            RuleProofs proofs,
            CanaryRounds canaries,
            Transactions transactions,
            Clock clock) {
        this.inventory = inventory;
        this.proofs = proofs;
        this.canaries = canaries;
        this.transactions = transactions;
        this.clock = clock;
    }

    /** How rules are counted or not. */
    private sealed interface Verdict {
        record Counted(RuleProof proof, Instant lastTelemetry) implements Verdict {}

        record Uncounted(UncountedReason reason) implements Verdict {}
    }

    /** As of now, with telemetry of the time before. */
    AttackCoverage cover(Duration window) {
        Instant now = clock.instant();
        List<RuleInventory.Listed> rules =
                inventory.rules().stream()
                        .filter(listed -> !techniques(listed.rule()).isEmpty())
                        .toList();
        Map<String, RuleProofs.Proof> proven =
                proofs.of(
                        rules.stream()
                                .map(RuleInventory.Listed::rule)
                                .filter(rule -> rule.state() == Rule.State.ACTIVE)
                                .toList());
        Telemetry telemetry =
                new Telemetry(
                        inventory::kindsOf,
                        transactions.query(
                                connection -> SqlArrivals.since(connection, now.minus(window))),
                        canaries.reports());
        Map<String, List<CoveringRule>> byTechnique = new TreeMap<>();
        Map<UncountedReason, List<String>> uncounted = new EnumMap<>(UncountedReason.class);
        for (RuleInventory.Listed listed : rules) {
            Rule rule = listed.rule();
            RuleProofs.Proof proof = proven.getOrDefault(rule.name(), RuleProofs.Proof.NONE);
            switch (judge(listed, proof, telemetry)) {
                case Verdict.Counted(RuleProof by, Instant last) -> {
                    CoveringRule covering = covering(rule, by, last);
                    techniques(rule)
                            .forEach(technique ->
                                    byTechnique
                                            .computeIfAbsent(technique, key -> new ArrayList<>())
                                            .add(covering));
                }
                case Verdict.Uncounted(UncountedReason reason) ->
                        uncounted
                                .computeIfAbsent(reason, key -> new ArrayList<>())
                                .add(rule.name());
            }
        }
        return message(byTechnique, uncounted, now, window);
    }

    /** What arrived, and which log sources have a proven way. */
    private static final class Telemetry {
        private final Function<LogSource, Predicate<EventKind>> kindsOf;
        private final Map<EventKind, Instant> arrived;
        private final List<CanaryReport> reports;
        private final Map<LogSource, Optional<Instant>> last = new HashMap<>();

        Telemetry(
                Function<LogSource, Predicate<EventKind>> kindsOf,
                Map<EventKind, Instant> arrived,
                List<CanaryReport> reports) {
            this.kindsOf = kindsOf;
            this.arrived = arrived;
            this.reports = reports;
        }

        Optional<Instant> last(LogSource logSource) {
            return last.computeIfAbsent(
                    logSource,
                    wanted -> {
                        Predicate<EventKind> kinds = kindsOf.apply(wanted);
                        return arrived.entrySet().stream()
                                .filter(kind -> kinds.test(kind.getKey()))
                                .map(Map.Entry::getValue)
                                .max(Comparator.naturalOrder());
                    });
        }

        /** All canaries that travel for the log source fail; one sensor's way is enough. */
        boolean isFailing(LogSource logSource) {
            List<CanaryReport> own =
                    reports.stream()
                            .filter(report -> report.state() != CanaryReport.State.IDLE)
                            .filter(report -> report.entry().probe().canary().isFor(logSource))
                            .toList();
            return !own.isEmpty()
                    && own.stream()
                            .allMatch(report -> report.state() == CanaryReport.State.FAILING);
        }
    }

    private static Verdict judge(
            RuleInventory.Listed listed, RuleProofs.Proof proof, Telemetry telemetry) {
        Rule rule = listed.rule();
        Optional<LogSource> logSource = rule.sigma().map(SigmaRule::logSource);
        if (rule.state() != Rule.State.ACTIVE || logSource.isEmpty()) {
            return new Verdict.Uncounted(UncountedReason.UNCOUNTED_REASON_CANNOT_FIRE);
        }
        if (!listed.isAlerting()) {
            return new Verdict.Uncounted(UncountedReason.UNCOUNTED_REASON_NOT_ALERTING);
        }
        if (proof == RuleProofs.Proof.NONE) {
            return new Verdict.Uncounted(UncountedReason.UNCOUNTED_REASON_UNPROVEN);
        }
        if (proof == RuleProofs.Proof.FAILED) {
            return new Verdict.Uncounted(UncountedReason.UNCOUNTED_REASON_PROOF_FAILED);
        }
        Optional<Instant> last = telemetry.last(logSource.get());
        if (last.isEmpty()) {
            return new Verdict.Uncounted(UncountedReason.UNCOUNTED_REASON_NO_TELEMETRY);
        }
        if (telemetry.isFailing(logSource.get())) {
            return new Verdict.Uncounted(UncountedReason.UNCOUNTED_REASON_CANARY_FAILING);
        }
        return new Verdict.Counted(
                proof == RuleProofs.Proof.CASES
                        ? RuleProof.RULE_PROOF_CASES
                        : RuleProof.RULE_PROOF_REGRESSION,
                last.get());
    }

    /** None of a rule that did not load: nobody knows what it says. */
    private static List<String> techniques(Rule rule) {
        return rule.sigma()
                .map(sigma -> AttackTags.of(sigma.tags()).techniques())
                .orElse(List.of());
    }

    private static CoveringRule covering(Rule rule, RuleProof proof, Instant last) {
        SigmaRule sigma = rule.sigma().orElseThrow();
        return CoveringRule.newBuilder()
                .setName(rule.name())
                .setTitle(rule.title())
                .setSeverity(Rule.severity(sigma.level()))
                .setLogsource(sigma.logSource().toString())
                .addAllTactics(AttackTags.of(sigma.tags()).tactics())
                .setProof(proof)
                .setLastTelemetryTime(Nanos.timestamp(last))
                .build();
    }

    private AttackCoverage message(
            Map<String, List<CoveringRule>> byTechnique,
            Map<UncountedReason, List<String>> uncounted,
            Instant now,
            Duration window) {
        AttackCoverage.Builder message =
                AttackCoverage.newBuilder()
                        .setCreateTime(Nanos.timestamp(now))
                        .setWindow(
                                com.google.protobuf.Duration.newBuilder()
                                        .setSeconds(window.toSeconds()))
                        .setRuleSetVersion(inventory.ruleSetVersion());
        byTechnique.forEach((technique, rules) ->
                message.addTechniques(
                        TechniqueCoverage.newBuilder()
                                .setTechnique(technique)
                                .addAllRules(
                                        rules.stream()
                                                .sorted(
                                                        Comparator.comparing(
                                                                        CoveringRule::getSeverity)
                                                                .reversed()
                                                                .thenComparing(
                                                                        CoveringRule::getName))
                                                .toList())));
        uncounted.forEach((reason, names) ->
                message.addUncounted(
                        UncountedRules.newBuilder()
                                .setReason(reason)
                                .setRuleCount(names.size())
                                .addAllNames(names.stream().limit(MOST_NAMES).toList())));
        return message.build();
    }
}
