package dev.yagura.inventory.account;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Users of a credential report of IAM, in the form of the IAM User Guide ("Get credential reports
 * for your AWS account"): CSV with a line for the root user and one for each user. Columns are
 * found by their names, so that new ones do no harm.
 */
final class CredentialReport {
    private static final String ROOT = "<root_account>";

    /** A field with its quotes, or without; names may have commas. */
    private static final Pattern FIELD =
            Pattern.compile("\\G(?:^|,)(?:\"((?:[^\"]|\"\")*)\"|([^,\"]*))");

    private final List<String> header;

    private CredentialReport(String header) {
        this.header = fields(header);
        List<String> missing =
                Stream.of("user", "password_enabled", "mfa_active", active(1), active(2))
                        .filter(column -> !this.header.contains(column))
                        .toList();
        if (!missing.isEmpty()) {
            throw new IllegalArgumentException(
                    "the credential report lacks " + String.join(", ", missing));
        }
    }

    /**
     * Every user but root.
     *
     * @throws IllegalArgumentException what is not understood, for people; a part of a report is
     *     never returned
     */
    static List<IamUser> users(String csv) {
        List<String> lines = csv.lines().filter(line -> !line.isBlank()).toList();
        if (lines.isEmpty()) {
            throw new IllegalArgumentException("the credential report is empty");
        }
        CredentialReport report = new CredentialReport(lines.getFirst());
        return lines.stream()
                .skip(1)
                .map(CredentialReport::fields)
                .filter(fields -> !fields.getFirst().equals(ROOT))
                .map(report::user)
                .toList();
    }

    private IamUser user(List<String> fields) {
        if (fields.size() != header.size()) {
            throw new IllegalArgumentException(
                    "the credential report has %d fields of user %s where its head has %d"
                            .formatted(fields.size(), fields.getFirst(), header.size()));
        }
        List<Instant> keys = new ArrayList<>();
        for (int key : List.of(1, 2)) {
            if (isTrue(fields, active(key))) {
                keys.add(time(value(fields, "access_key_%d_last_rotated".formatted(key))));
            }
        }
        return new IamUser(
                value(fields, "user"),
                isTrue(fields, "password_enabled"),
                isTrue(fields, "mfa_active"),
                keys);
    }

    private static String active(int key) {
        return "access_key_%d_active".formatted(key);
    }

    private String value(List<String> fields, String column) {
        int index = header.indexOf(column);
        return index < 0 ? "" : fields.get(index);
    }

    /** What is neither true nor false is not known, and must not count as either. */
    private boolean isTrue(List<String> fields, String column) {
        String value = value(fields, column).toLowerCase(Locale.ROOT);
        if (!Set.of("true", "false").contains(value)) {
            throw new IllegalArgumentException(
                    "the credential report says \"%s\" of %s of user %s"
                            .formatted(value, column, fields.getFirst()));
        }
        return value.equals("true");
    }

    private static Instant time(String text) {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    "the credential report has \"%s\" for a time".formatted(text), e);
        }
    }

    private static List<String> fields(String line) {
        List<String> fields = new ArrayList<>();
        Matcher matcher = FIELD.matcher(line);
        while (matcher.find()) {
            String quoted = matcher.group(1);
            fields.add(quoted == null ? matcher.group(2) : quoted.replace("\"\"", "\""));
        }
        return fields;
    }
}
