package dev.yagura.sandbox.identity;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The credential report in the form of the IAM User Guide ("Get credential reports for your AWS
 * account"): a line for the root user, then one for each user.
 */
final class CredentialReport {
    private static final String HEADER =
            "user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,"
                    + "password_next_rotation,mfa_active,access_key_1_active,"
                    + "access_key_1_last_rotated,access_key_1_last_used_date,"
                    + "access_key_1_last_used_region,access_key_1_last_used_service,"
                    + "access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date,"
                    + "access_key_2_last_used_region,access_key_2_last_used_service,cert_1_active,"
                    + "cert_1_last_rotated,cert_2_active,cert_2_last_rotated";

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss'+00:00'").withZone(ZoneOffset.UTC);

    private static final String NONE = "N/A";
    private static final String UNSUPPORTED = "not_supported";
    private static final String NO_INFORMATION = "no_information";

    private CredentialReport() {}

    /**
     * @param created when the account was
     */
    static String of(Directory directory, Instant created) {
        List<String> lines = new ArrayList<>();
        lines.add(HEADER);
        AccountSettings.Root root = directory.settings().root();
        lines.add(
                line(
                        "<root_account>",
                        directory.account().globalArn("iam", "root"),
                        created,
                        List.of(UNSUPPORTED, NO_INFORMATION, UNSUPPORTED, UNSUPPORTED),
                        root.mfa(),
                        root.accessKey() ? key(true, created, null) : noKey(),
                        noKey()));
        directory.users().forEach(user -> lines.add(line(user, directory.settings())));
        return String.join("\n", lines);
    }

    private static String line(User user, AccountSettings settings) {
        AccountSettings.SignIn signIn = settings.signIn(user.name());
        return line(
                user.name(),
                user.arn(),
                user.createdAt(),
                signIn.password()
                        ? List.of("true", NO_INFORMATION, TIME.format(user.createdAt()), NONE)
                        : List.of("false", NONE, NONE, NONE),
                signIn.mfa(),
                key(user, 0),
                key(user, 1));
    }

    private static String line(
            String name,
            String arn,
            Instant created,
            List<String> password,
            boolean mfa,
            List<String> first,
            List<String> second) {
        List<String> fields = new ArrayList<>(List.of(name, arn, TIME.format(created)));
        fields.addAll(password);
        fields.add(String.valueOf(mfa));
        fields.addAll(first);
        fields.addAll(second);
        fields.addAll(List.of("false", NONE, "false", NONE));
        return String.join(",", fields);
    }

    private static List<String> key(User user, int index) {
        if (user.keys().size() <= index) {
            return noKey();
        }
        AccessKey key = user.keys().get(index);
        return key(key.isActive(), key.createdAt(), key.lastUse());
    }

    private static List<String> key(boolean active, Instant rotated, AccessKey.@Nullable Use use) {
        return List.of(
                String.valueOf(active),
                TIME.format(rotated),
                use == null ? NONE : TIME.format(use.at()),
                use == null ? NONE : use.region(),
                use == null ? NONE : use.service());
    }

    private static List<String> noKey() {
        return List.of("false", NONE, NONE, NONE, NONE);
    }
}
