package dev.yagura.sigma.engine;

import dev.yagura.sigma.Condition;
import dev.yagura.sigma.Detection;
import dev.yagura.sigma.Glob;
import dev.yagura.sigma.Pattern;
import dev.yagura.sigma.SigmaRule;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.temporal.ChronoField;
import java.time.temporal.IsoFields;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalField;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Sigma over records of audit events as plainly as it can be said: one rule after another, each
 * value by itself. The yardstick for the compiled engine.
 */
final class ReferenceInterpreter {
    private final SigmaRule rule;
    private final List<Map<String, String>> records;

    private ReferenceInterpreter(SigmaRule rule, List<Map<String, String>> records) {
        this.rule = rule;
        this.records = records;
    }

    static boolean matches(SigmaRule rule, List<Map<String, String>> records) {
        return new ReferenceInterpreter(rule, records).holds(rule.condition());
    }

    private boolean holds(Condition condition) {
        return switch (condition) {
            case Condition.Selection(String name) -> selection(name);
            case Condition.And(var parts) -> parts.stream().allMatch(this::holds);
            case Condition.Or(var parts) -> parts.stream().anyMatch(this::holds);
            case Condition.Not(Condition part) -> !holds(part);
            case Condition.AtLeast(int count, var names) ->
                    names.stream().filter(this::selection).count() >= count;
        };
    }

    private boolean selection(String name) {
        Detection detection = Objects.requireNonNull(rule.selections().get(name));
        return records.stream().anyMatch(record -> holds(detection, record));
    }

    private boolean holds(Detection detection, Map<String, String> record) {
        return switch (detection) {
            case Detection.All(var parts) -> parts.stream().allMatch(part -> holds(part, record));
            case Detection.Any(var parts) -> parts.stream().anyMatch(part -> holds(part, record));
            case Detection.Not(Detection part) -> !holds(part, record);
            case Detection.Test(String field, Pattern pattern) ->
                    holds(pattern, value(field, record), record);
        };
    }

    private @Nullable String value(String field, Map<String, String> record) {
        if (field.isEmpty()) {
            return record.values().stream()
                    .filter(text -> !text.isEmpty())
                    .collect(Collectors.joining("\n"));
        }
        String own = record.get(field);
        if (own != null || field.equals("type") || field.matches("a[0-3]|items")) {
            return own;
        }
        return records.stream()
                .filter(other -> "SYSCALL".equals(other.get("type")))
                .findFirst()
                .map(call -> call.get(field))
                .orElse(null);
    }

    private boolean holds(Pattern pattern, @Nullable String value, Map<String, String> record) {
        if (pattern instanceof Pattern.Missing) {
            return value == null;
        }
        if (pattern instanceof Pattern.Exists(boolean expected)) {
            return (value != null) == expected;
        }
        if (value == null) {
            return false;
        }
        return switch (pattern) {
            case Pattern.Text(Glob glob, boolean cased) -> regex(glob, cased).matches(value);
            case Pattern.Regex(String expression, int flags) ->
                    com.google.re2j.Pattern.compile(expression, flags).matcher(value).find();
            case Pattern.Network network -> inNetwork(network, value);
            case Pattern.Comparison comparison -> compares(comparison, value);
            case Pattern.TimePart part -> falls(part, value);
            case Pattern.FieldReference reference -> refers(reference, value, record);
            case Pattern.Missing missing -> false;
            case Pattern.Exists exists -> false;
        };
    }

    private static com.google.re2j.Pattern regex(Glob glob, boolean cased) {
        StringBuilder expression = new StringBuilder();
        for (char c : glob.pattern().toCharArray()) {
            expression.append(
                    switch (c) {
                        case Glob.ANY -> ".*";
                        case Glob.ONE -> ".";
                        default -> com.google.re2j.Pattern.quote(String.valueOf(c));
                    });
        }
        int flags = com.google.re2j.Pattern.DOTALL;
        return com.google.re2j.Pattern.compile(
                expression.toString(),
                cased ? flags : flags | com.google.re2j.Pattern.CASE_INSENSITIVE);
    }

    private static boolean inNetwork(Pattern.Network network, String value) {
        try {
            return value.matches("[0-9a-fA-F.:]+")
                    && network.contains(InetAddress.ofLiteral(value).getAddress());
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

    private boolean refers(
            Pattern.FieldReference reference, String value, Map<String, String> record) {
        String other = value(reference.field(), record);
        if (other == null) {
            return false;
        }
        String left = reference.cased() ? value : value.toLowerCase(Locale.ROOT);
        String right = reference.cased() ? other : other.toLowerCase(Locale.ROOT);
        return switch (reference.affix()) {
            case WHOLE -> left.equals(right);
            case CONTAINS -> left.contains(right);
            case STARTS_WITH -> left.startsWith(right);
            case ENDS_WITH -> left.endsWith(right);
        };
    }
}
