package dev.yagura.sigma.overfit;

import dev.yagura.proto.detection.v1.Severity;
import dev.yagura.sigma.engine.RuleMatch;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Which steps are left when the rules that name them are switched off. */
final class NamedRules {
    private static final Comparator<RuleMatch> BY_SEVERITY =
            Comparator.<RuleMatch, Severity>comparing(RuleMatch::severity)
                    .thenComparing(match -> match.rule().getId());

    /**
     * What is left of one step.
     *
     * @param all rules that alert it
     * @param named the worst of them that names the step's technique; without one, the worst
     * @param withoutNamed without that one rule
     * @param withoutTechnique without every rule that names the technique, sub-techniques and the
     *     one above included
     */
    record Left(int all, String named, int withoutNamed, int withoutTechnique) {}

    private NamedRules() {}

    static Left of(RecordedAttack.Step step, List<RuleMatch> matches) {
        List<RuleMatch> technique =
                matches.stream().filter(match -> names(match, step.technique())).toList();
        String named =
                (technique.isEmpty() ? matches : technique)
                        .stream().max(BY_SEVERITY).map(match -> match.rule().getTitle()).orElse("");
        return new Left(
                rules(matches).size(),
                named,
                (int) rules(matches).stream().filter(title -> !title.equals(named)).count(),
                rules(matches).size() - rules(technique).size());
    }

    /** Rules without which some steps are not alerted at all, and those steps. */
    static Map<String, List<String>> onlyOnes(Map<RecordedAttack.Step, List<RuleMatch>> matches) {
        return matches.entrySet().stream()
                .filter(entry -> rules(entry.getValue()).size() == 1)
                .collect(
                        Collectors.groupingBy(
                                entry -> entry.getValue().getFirst().rule().getTitle(),
                                TreeMap::new,
                                Collectors.mapping(
                                        entry -> entry.getKey().name(), Collectors.toList())));
    }

    private static Set<String> rules(List<RuleMatch> matches) {
        return matches.stream().map(match -> match.rule().getTitle()).collect(Collectors.toSet());
    }

    private static boolean names(RuleMatch match, String technique) {
        return match.rule().getTechniquesList().stream()
                .anyMatch(each -> above(each).equals(above(technique)));
    }

    /** "T1059" of "T1059.004". */
    static String above(String technique) {
        int dot = technique.indexOf('.');
        return dot < 0 ? technique : technique.substring(0, dot);
    }
}
