package dev.yagura.sandbox.identity;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.yagura.sandbox.wire.ApiFault;
import dev.yagura.sandbox.wire.Body;
import dev.yagura.sandbox.wire.Call;
import dev.yagura.sandbox.wire.Operation;
import dev.yagura.sandbox.wire.Xml;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The account as a whole: its summary, its password policy, its credential report. */
final class AccountOperations {
    /** AWS does not document how long it takes. */
    private static final Duration MAKING = Duration.ofSeconds(2);

    private static final Duration GOOD_FOR = Duration.ofHours(4);

    private final Directory directory;
    private final Clock clock;
    private final Instant created;
    private @Nullable Instant asked;
    private @Nullable Report report;

    private record Report(String content, Instant generated) {}

    AccountOperations(Directory directory, Clock clock) {
        this.directory = directory;
        this.clock = clock;
        this.created = clock.instant();
    }

    List<Operation> all() {
        return List.of(
                Operation.named("GetAccountSummary", this::summary),
                Operation.named("GetAccountPasswordPolicy", this::passwordPolicy),
                Operation.named("GenerateCredentialReport", this::generate),
                Operation.named("GetCredentialReport", this::report));
    }

    private Body summary(Call call) {
        AccountSettings.Root root = directory.settings().root();
        long devices =
                directory.users().stream()
                        .filter(user -> directory.settings().signIn(user.name()).mfa())
                        .count();
        Map<String, Long> summary = new TreeMap<>();
        summary.put("Users", (long) directory.users().size());
        summary.put("UsersQuota", 5000L);
        summary.put("Roles", (long) directory.roles().size());
        summary.put("RolesQuota", 1000L);
        summary.put("MFADevices", devices);
        summary.put("MFADevicesInUse", devices);
        summary.put("AccountMFAEnabled", root.mfa() ? 1L : 0L);
        summary.put("AccountAccessKeysPresent", root.accessKey() ? 1L : 0L);
        summary.put("AccountPasswordPresent", root.password() ? 1L : 0L);
        summary.put("AccountSigningCertificatesPresent", 0L);
        return Xml.ofMembers()
                .element(
                        "SummaryMap",
                        map ->
                                summary.forEach((key, value) ->
                                        map.element(
                                                "entry",
                                                entry ->
                                                        entry.text("key", key)
                                                                .text("value", value))))
                .body();
    }

    private Body passwordPolicy(Call call) {
        PasswordRules rules = directory.settings().passwordRules();
        if (rules == null) {
            throw new ApiFault(
                    "NoSuchEntity",
                    404,
                    "The Password Policy with domain name %s cannot be found."
                            .formatted(directory.account().id()));
        }
        return Xml.ofMembers()
                .element(
                        "PasswordPolicy",
                        xml ->
                                xml.text("MinimumPasswordLength", rules.minimumLength())
                                        .text("RequireSymbols", true)
                                        .text("RequireNumbers", true)
                                        .text("RequireUppercaseCharacters", true)
                                        .text("RequireLowercaseCharacters", true)
                                        .text("AllowUsersToChangePassword", true)
                                        .text("ExpirePasswords", false)
                                        .text(
                                                "PasswordReusePrevention",
                                                rules.reusePrevention() == 0
                                                        ? null
                                                        : rules.reusePrevention()))
                .body();
    }

    private Body generate(Call call) {
        Instant now = settle();
        if (asked != null) {
            return Xml.ofMembers().text("State", "INPROGRESS").body();
        }
        if (report != null && !isExpired(report, now)) {
            return Xml.ofMembers().text("State", "COMPLETE").body();
        }
        asked = now;
        return Xml.ofMembers()
                .text("State", "STARTED")
                .text("Description", "No report exists. Starting a new report generation task")
                .body();
    }

    private Body report(Call call) {
        Instant now = settle();
        if (asked != null) {
            throw new ApiFault(
                    "ReportInProgress", 404, "Credential report is still being generated.");
        }
        if (report == null) {
            throw new ApiFault("ReportNotPresent", 410, "No report exists.");
        }
        if (isExpired(report, now)) {
            throw new ApiFault("ReportExpired", 410, "The most recent report has expired.");
        }
        byte[] content = report.content().getBytes(UTF_8);
        return Xml.ofMembers()
                .text("Content", Base64.getEncoder().encodeToString(content))
                .text("ReportFormat", "text/csv")
                .text("GeneratedTime", report.generated())
                .body();
    }

    /** Ends a generation that has taken its time. */
    private Instant settle() {
        Instant now = clock.instant();
        if (asked != null && !now.isBefore(asked.plus(MAKING))) {
            report = new Report(CredentialReport.of(directory, created), asked.plus(MAKING));
            asked = null;
        }
        return now;
    }

    private static boolean isExpired(Report report, Instant now) {
        return report.generated().plus(GOOD_FOR).isBefore(now);
    }
}
