package dev.yagura.sigma.taxonomy;

import dev.yagura.sigma.LogSource;
import dev.yagura.sigma.SigmaRule;
import java.util.List;

/** Sigma's log sources and fields, mapped to the event schema. */
public final class Taxonomy {
    private static final List<EventSource> SOURCES =
            List.of(
                    LinuxSources.PROCESS_CREATION,
                    LinuxSources.PROCESS_TERMINATION,
                    LinuxSources.NETWORK_CONNECTION,
                    LinuxSources.FILE_EVENT,
                    LinuxSources.FILE_ACCESS,
                    LinuxSources.FILE_DELETE,
                    LinuxSources.FILE_RENAME,
                    LinuxSources.DNS_QUERY,
                    AuditSource.AUDITD,
                    LinuxSources.ANY,
                    CloudTrailSource.CLOUDTRAIL);

    private Taxonomy() {}

    /**
     * Whether a rule can ever be met.
     *
     * @param canFire false when no event can meet it
     * @param reasons log source or fields that nobody delivers; also of a rule that can fire
     */
    public record Coverage(boolean canFire, List<String> reasons) {
        public Coverage {
            reasons = List.copyOf(reasons);
        }
    }

    /** Says whether the rule can be met by what sensors deliver, and what is missing. */
    public static Coverage coverage(SigmaRule rule) {
        List<EventSource> sources = sources(rule.logSource());
        if (sources.isEmpty()) {
            return new Coverage(
                    false, List.of("no sensor delivers the log source " + rule.logSource()));
        }
        List<Reachability.Answer> answers =
                sources.stream().map(source -> Reachability.of(rule, source)).toList();
        List<String> reasons =
                answers.stream()
                        .flatMap(answer -> answer.unmappedFields().stream())
                        .distinct()
                        .map(field -> missing(field, rule.logSource()))
                        .toList();
        return new Coverage(answers.stream().anyMatch(Reachability.Answer::canBeTrue), reasons);
    }

    /** A rule that names no product is for every product that has the category or service. */
    public static List<EventSource> sources(LogSource wanted) {
        return SOURCES.stream().filter(source -> isMeant(wanted, source.logSource())).toList();
    }

    private static boolean isMeant(LogSource wanted, LogSource mapped) {
        boolean product = wanted.product().isEmpty() || wanted.product().equals(mapped.product());
        return product
                && wanted.category().equals(mapped.category())
                && wanted.service().equals(mapped.service());
    }

    private static String missing(String field, LogSource source) {
        return (field.isEmpty() ? "unbound keywords have no text" : "no sensor delivers " + field)
                + " in the log source "
                + source;
    }
}
