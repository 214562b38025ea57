package dev.yagura.detection.read;

import dev.yagura.common.error.InvalidFieldException;
import dev.yagura.common.ids.ResourceName;
import dev.yagura.common.text.Texts;
import dev.yagura.proto.detection.v1.Severity;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/** Fields of filters, checked. An empty field means any. */
public final class FilterFields {
    private static final int MAX_TEXT = 255;
    private static final Pattern TECHNIQUE = Pattern.compile("T[0-9]{4}(\\.[0-9]{3})?");
    private static final Pattern UUID_FORM =
            Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

    private FilterFields() {}

    /** Compared as it is. */
    public static Optional<String> text(String field, String value) {
        return given(Texts.optional(field, value, MAX_TEXT));
    }

    private static Optional<String> given(String value) {
        return Optional.of(value).filter(text -> !text.isEmpty());
    }

    public static Optional<UUID> hostId(String value) {
        return given(value)
                .map(text -> {
                    if (!UUID_FORM.matcher(text).matches()) {
                        throw new InvalidFieldException(
                                "filter.host_id",
                                "is not an asset id",
                                "send a UUID, or nothing for any");
                    }
                    return UUID.fromString(text);
                });
    }

    public static Optional<UUID> incident(String value) {
        return given(value).map(text -> ResourceName.parse("filter.incident", "incidents", text));
    }

    public static Optional<String> technique(String value) {
        return given(value)
                .map(text -> {
                    if (!TECHNIQUE.matcher(text).matches()) {
                        throw new InvalidFieldException(
                                "filter.technique",
                                "is not an ATT&CK technique",
                                "send for example T1059 or T1059.004");
                    }
                    return text;
                });
    }

    /** Number of the lowest severity; 0 for any. */
    public static int minSeverity(Severity severity) {
        if (severity == Severity.UNRECOGNIZED) {
            throw new InvalidFieldException(
                    "filter.min_severity",
                    "is no severity known here",
                    "send one of the contract's severities");
        }
        return severity.getNumber();
    }
}
