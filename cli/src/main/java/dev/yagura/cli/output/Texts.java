package dev.yagura.cli.output;

import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import dev.yagura.proto.detection.v1.Severity;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Values of the contracts as people read them. */
public final class Texts {
    private Texts() {}

    /** RFC 3339 in UTC, or "-" when unset. */
    public static String time(Timestamp time) {
        return time.equals(Timestamp.getDefaultInstance()) ? "-" : Timestamps.toString(time);
    }

    /** "SEVERITY_HIGH" as "high". */
    public static String of(Severity severity) {
        return constant(severity, "SEVERITY_");
    }

    /** A constant without its type's prefix, lower case. */
    public static String constant(Enum<?> constant, String prefix) {
        String name = constant.name();
        return (name.startsWith(prefix) ? name.substring(prefix.length()) : name)
                .toLowerCase(Locale.ROOT);
    }

    /** "app-1 i-0abc…: criticality high, owner shop", with what is known of it. */
    public static String described(
            String label, String id, String criticality, String owner, String environment) {
        String details =
                Stream.of(
                                said("criticality", criticality),
                                said("owner", owner),
                                said("environment", environment))
                        .filter(text -> !text.isEmpty())
                        .collect(Collectors.joining(", "));
        return (label.equals(id) ? id : label + " " + id)
                + (details.isEmpty() ? "" : ": " + details);
    }

    private static String said(String field, String value) {
        return value.isEmpty() ? "" : field + " " + value;
    }

    /** "high" as SEVERITY_HIGH; an unknown word is refused with the known ones. */
    public static <E extends Enum<E>> E parse(Class<E> type, String prefix, String word) {
        try {
            return Enum.valueOf(type, prefix + word.toUpperCase(Locale.ROOT).replace('-', '_'));
        } catch (IllegalArgumentException e) {
            throw new dev.yagura.cli.connection.UsageException(
                    "'"
                            + word
                            + "' is no "
                            + prefix.toLowerCase(Locale.ROOT).replace("_", " ").strip()
                            + "; one of "
                            + words(type, prefix));
        }
    }

    private static <E extends Enum<E>> String words(Class<E> type, String prefix) {
        return Stream.of(type.getEnumConstants())
                .filter(each -> each.name().startsWith(prefix))
                .filter(each -> !each.name().endsWith("_UNSPECIFIED"))
                .map(each -> constant(each, prefix))
                .collect(Collectors.joining(", "));
    }
}
