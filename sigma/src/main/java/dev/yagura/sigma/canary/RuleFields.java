package dev.yagura.sigma.canary;

import dev.yagura.sigma.Detection;
import dev.yagura.sigma.Pattern;
import dev.yagura.sigma.SigmaRule;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;

/** Names of the fields that a rule asks for. */
public final class RuleFields {
    private RuleFields() {}

    /** {@link Detection#KEYWORDS} for unbound keywords. */
    public static Set<String> of(SigmaRule rule) {
        Set<String> fields = new TreeSet<>();
        rule.selections().values().forEach(detection -> collect(detection, fields));
        return fields;
    }

    private static void collect(Detection detection, Collection<String> fields) {
        switch (detection) {
            case Detection.All(var parts) -> parts.forEach(part -> collect(part, fields));
            case Detection.Any(var parts) -> parts.forEach(part -> collect(part, fields));
            case Detection.Not(Detection part) -> collect(part, fields);
            case Detection.Test(String field, Pattern pattern) -> {
                fields.add(field);
                if (pattern instanceof Pattern.FieldReference reference) {
                    fields.add(reference.field());
                }
            }
        }
    }
}
