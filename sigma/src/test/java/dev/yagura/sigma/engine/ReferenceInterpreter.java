package dev.yagura.sigma.engine;

import dev.yagura.sigma.Condition;
import dev.yagura.sigma.Detection;
import dev.yagura.sigma.Glob;
import dev.yagura.sigma.Pattern;
import dev.yagura.sigma.SigmaRule;
import dev.yagura.sigma.taxonomy.CaseFolding;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.InetAddress;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.temporal.ChronoField;
import java.time.temporal.IsoFields;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalField;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiPredicate;
import java.util.function.Predicate;

/**
 * One rule as plainly as it can be said: each selection and each value by itself. The yardstick for
 * the compiled engine, in what is found and in time; so what can be prepared once for a rule is.
 */
public final class ReferenceInterpreter {
    private final SigmaRule rule;
    private final Map<Pattern, BiPredicate<FieldValues, String>> tests = new IdentityHashMap<>();

    /** Prepares one rule. */
    public ReferenceInterpreter(SigmaRule rule) {
        this.rule = rule;
        rule.selections().values().forEach(this::prepare);
    }

    /**
     * Whether the rule is met.
     *
     * @param views of one event: a selection must be met by one of them
     */
    public boolean matches(List<FieldValues> views) {
        return !views.isEmpty() && holds(rule.condition(), views);
    }

    private void prepare(Detection detection) {
        switch (detection) {
            case Detection.All(var parts) -> parts.forEach(this::prepare);
            case Detection.Any(var parts) -> parts.forEach(this::prepare);
            case Detection.Not(Detection part) -> prepare(part);
            case Detection.Test(String field, Pattern pattern) -> tests.put(pattern, test(pattern));
        }
    }

    private boolean holds(Condition condition, List<FieldValues> views) {
        return switch (condition) {
            case Condition.Selection(String name) -> selection(name, views);
            case Condition.And(var parts) -> parts.stream().allMatch(part -> holds(part, views));
            case Condition.Or(var parts) -> parts.stream().anyMatch(part -> holds(part, views));
            case Condition.Not(Condition part) -> !holds(part, views);
            case Condition.AtLeast(int count, var names) ->
                    names.stream().filter(name -> selection(name, views)).count() >= count;
        };
    }

    private boolean selection(String name, List<FieldValues> views) {
        Detection detection = Objects.requireNonNull(rule.selections().get(name));
        return views.stream().anyMatch(view -> holds(detection, view));
    }

    private boolean holds(Detection detection, FieldValues view) {
        return switch (detection) {
            case Detection.All(var parts) -> parts.stream().allMatch(part -> holds(part, view));
            case Detection.Any(var parts) -> parts.stream().anyMatch(part -> holds(part, view));
            case Detection.Not(Detection part) -> !holds(part, view);
            case Detection.Test(String field, Pattern pattern) ->
                    Objects.requireNonNull(tests.get(pattern)).test(view, field);
        };
    }

    private static BiPredicate<FieldValues, String> test(Pattern pattern) {
        return switch (pattern) {
            case Pattern.Text text -> text(text);
            case Pattern.Regex(String expression, int flags) -> {
                var regex = com.google.re2j.Pattern.compile(expression, flags);
                yield present(value -> regex.matcher(value).find());
            }
            case Pattern.Network network -> {
                String[] parts = network.text().substring("cidr:".length()).split("/", 2);
                byte[] address = InetAddress.ofLiteral(parts[0]).getAddress();
                int prefix = parts.length == 1 ? 8 * address.length : Integer.parseInt(parts[1]);
                yield present(value ->
                        inNetwork(new BigInteger(1, address), address.length, prefix, value));
            }
            case Pattern.Comparison comparison -> present(value -> compares(comparison, value));
            case Pattern.TimePart part -> present(value -> falls(part, value));
            case Pattern.FieldReference reference ->
                    (view, field) -> refers(reference, view, field);
            case Pattern.Missing missing -> (view, field) -> view.value(field) == null;
            case Pattern.Exists(boolean expected) ->
                    (view, field) -> (view.value(field) != null) == expected;
        };
    }

    private static BiPredicate<FieldValues, String> present(Predicate<String> test) {
        return (view, field) -> {
            String value = view.value(field);
            return value != null && test.test(value);
        };
    }

    private static BiPredicate<FieldValues, String> text(Pattern.Text text) {
        String written = text.glob().pattern();
        String pattern = text.cased() ? written : CaseFolding.fold(written);
        Predicate<String> test = glob(pattern);
        return (view, field) -> {
            String value = text.cased() ? view.value(field) : view.folded(field);
            return value != null && test.test(value);
        };
    }

    private static Predicate<String> glob(String pattern) {
        String literal = pattern.replace(String.valueOf(Glob.ANY), "");
        boolean plain = literal.indexOf(Glob.ONE) < 0;
        if (plain && pattern.equals(literal)) {
            return literal::equals;
        }
        if (plain && pattern.equals(literal + Glob.ANY)) {
            return value -> value.startsWith(literal);
        }
        if (plain && pattern.equals(Glob.ANY + literal)) {
            return value -> value.endsWith(literal);
        }
        if (plain && pattern.equals(Glob.ANY + literal + Glob.ANY)) {
            return value -> value.contains(literal);
        }
        var regex = regex(pattern);
        return value -> regex.matcher(value).matches();
    }

    private static com.google.re2j.Pattern regex(String pattern) {
        StringBuilder expression = new StringBuilder();
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            expression.append(
                    switch (c) {
                        case Glob.ANY -> ".*";
                        case Glob.ONE -> ".";
                        default -> com.google.re2j.Pattern.quote(String.valueOf(c));
                    });
        }
        return com.google.re2j.Pattern.compile(
                expression.toString(), com.google.re2j.Pattern.DOTALL);
    }

    private static boolean inNetwork(BigInteger address, int bytes, int prefix, String value) {
        if (!value.matches("[0-9a-fA-F.:]+")) {
            return false;
        }
        try {
            byte[] candidate = InetAddress.ofLiteral(value).getAddress();
            int rest = 8 * bytes - prefix;
            return candidate.length == bytes
                    && new BigInteger(1, candidate)
                            .shiftRight(rest)
                            .equals(address.shiftRight(rest));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static boolean compares(Pattern.Comparison comparison, String value) {
        if (!value.matches("[+-]?[0-9]+(\\.[0-9]+)?") || value.length() > 40) {
            return false;
        }
        return comparison.operator().holds(new BigDecimal(value).compareTo(comparison.number()));
    }

    private static boolean falls(Pattern.TimePart part, String value) {
        TemporalAccessor date;
        try {
            String iso = value.replaceFirst("[+-][0-9]{2}:?[0-9]{2}$|Z$", "").strip();
            date =
                    iso.length() == "2025-08-02".length()
                            ? LocalDate.parse(iso)
                            : LocalDateTime.parse(iso.replace(' ', 'T').replace(',', '.'));
        } catch (DateTimeException e) {
            return false;
        }
        TemporalField field =
                switch (part.part()) {
                    case MINUTE -> ChronoField.MINUTE_OF_HOUR;
                    case HOUR -> ChronoField.HOUR_OF_DAY;
                    case DAY -> ChronoField.DAY_OF_MONTH;
                    case WEEK -> IsoFields.WEEK_OF_WEEK_BASED_YEAR;
                    case MONTH -> ChronoField.MONTH_OF_YEAR;
                    case YEAR -> ChronoField.YEAR;
                };
        return date.isSupported(field)
                && part.operator().holds(Integer.compare(date.get(field), part.number()));
    }

    private static boolean refers(
            Pattern.FieldReference reference, FieldValues view, String field) {
        String other = reference.field();
        String left = reference.cased() ? view.value(field) : view.folded(field);
        String right = reference.cased() ? view.value(other) : view.folded(other);
        if (left == null || right == null) {
            return false;
        }
        return switch (reference.affix()) {
            case WHOLE -> left.equals(right);
            case CONTAINS -> left.contains(right);
            case STARTS_WITH -> left.startsWith(right);
            case ENDS_WITH -> left.endsWith(right);
        };
    }
}
