package dev.yagura.sandbox.identity;

import dev.yagura.sandbox.trail.Trail;
import dev.yagura.sandbox.wire.Api;
import dev.yagura.sandbox.wire.ApiFault;
import dev.yagura.sandbox.wire.Body;
import dev.yagura.sandbox.wire.Call;
import dev.yagura.sandbox.wire.Operation;
import dev.yagura.sandbox.wire.Parameters;
import dev.yagura.sandbox.wire.Principal;
import dev.yagura.sandbox.wire.Protocol;
import dev.yagura.sandbox.wire.Xml;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/** STS: GetCallerIdentity, AssumeRole. */
public final class StsApi {
    private static final Pattern SESSION_NAME = Pattern.compile("[\\w+=,.@-]{2,64}");
    private static final Duration SHORTEST = Duration.ofMinutes(15);
    private static final Duration STANDARD = Duration.ofHours(1);

    private final Directory directory;
    private final Function<String, Optional<Directory>> others;
    private final Trail trail;

    private StsApi(Directory directory, Function<String, Optional<Directory>> others, Trail trail) {
        this.directory = directory;
        this.others = others;
        this.trail = trail;
    }

    /**
     * @param others directories of accounts that somebody of another account may enter, by their id
     */
    public static Api of(
            Directory directory, Function<String, Optional<Directory>> others, Trail trail) {
        StsApi sts = new StsApi(directory, others, trail);
        return Api.of(
                "sts",
                Protocol.QUERY,
                "2011-06-15",
                "https://sts.amazonaws.com/doc/2011-06-15/",
                false,
                List.of(
                        Operation.named("GetCallerIdentity", sts::getCallerIdentity),
                        Operation.named("AssumeRole", sts::assumeRole)
                                .needs("RoleArn", "RoleSessionName")
                                .knows("ExternalId", "DurationSeconds")));
    }

    private Body getCallerIdentity(Call call) {
        return Xml.ofMembers()
                .text("Arn", call.principal().arn())
                .text("UserId", call.principal().id())
                .text("Account", call.principal().accountId())
                .body();
    }

    private Body assumeRole(Call call) {
        Parameters parameters = call.parameters();
        String sessionName = parameters.required("RoleSessionName");
        if (!SESSION_NAME.matcher(sessionName).matches()) {
            throw ApiFault.of(
                    "ValidationError",
                    "1 validation error detected: Value '%s' at 'roleSessionName' failed to satisfy"
                            + " constraint: Member must satisfy regular expression pattern: %s",
                    sessionName,
                    SESSION_NAME);
        }
        String roleArn = parameters.required("RoleArn");
        Directory home = homeOf(roleArn);
        Role role =
                home.roleOf(roleArn)
                        .filter(candidate -> trusts(candidate, call))
                        .orElseThrow(() -> notTrusted(call, roleArn));
        Duration duration = duration(parameters, role);
        if (isSession(call.principal()) && duration.compareTo(STANDARD) > 0) {
            throw ApiFault.of(
                    "ValidationError",
                    "The requested DurationSeconds exceeds the 1 hour session limit for roles"
                            + " assumed by role chaining");
        }
        Instant expiresAt = directory.now().plus(duration);
        Credential session = home.openSession(role, sessionName, expiresAt);
        trail.assumedRole(
                call.principal(),
                roleArn,
                sessionName,
                session.identity().principal(),
                session.accessKeyId());
        return Xml.ofMembers()
                .element(
                        "AssumedRoleUser",
                        user ->
                                user.text("AssumedRoleId", session.identity().principal().id())
                                        .text("Arn", session.identity().principal().arn()))
                .element(
                        "Credentials",
                        keys ->
                                keys.text("AccessKeyId", session.accessKeyId())
                                        .text("SecretAccessKey", session.secretKey())
                                        .text("SessionToken", session.sessionToken())
                                        .text("Expiration", expiresAt))
                .body();
    }

    /** Where a role is, and its sessions will be: a role of nowhere is sought in vain here. */
    private Directory homeOf(String roleArn) {
        if (directory.roleOf(roleArn).isPresent()) {
            return directory;
        }
        String[] parts = roleArn.split(":", -1);
        return parts.length < 5 ? directory : others.apply(parts[4]).orElse(directory);
    }

    private boolean trusts(Role role, Call call) {
        boolean sameId =
                role.externalId() == null
                        || call.parameters()
                                .text("ExternalId")
                                .filter(role.externalId()::equals)
                                .isPresent();
        return sameId
                && (role.trustedArns().contains(call.principal().arn())
                        || trustsRoleOf(role, call.principal()));
    }

    /** A session may whatever its role is trusted with. */
    private boolean trustsRoleOf(Role role, Principal caller) {
        return directory
                .roleOfSession(caller.arn())
                .filter(each -> role.trustedArns().contains(each.arn()))
                .isPresent();
    }

    private static boolean isSession(Principal caller) {
        return caller.arn().contains(":assumed-role/");
    }

    private static Duration duration(Parameters parameters, Role role) {
        Duration duration =
                parameters.integer("DurationSeconds").map(Duration::ofSeconds).orElse(STANDARD);
        if (duration.compareTo(SHORTEST) < 0 || duration.compareTo(role.longestSession()) > 0) {
            throw ApiFault.of(
                    "ValidationError",
                    "The requested DurationSeconds exceeds the MaxSessionDuration set for this role"
                            + " or is below %d.",
                    SHORTEST.toSeconds());
        }
        return duration;
    }

    private static ApiFault notTrusted(Call call, String roleArn) {
        return new ApiFault(
                "AccessDenied",
                403,
                "User: %s is not authorized to perform: sts:AssumeRole on resource: %s"
                        .formatted(call.principal().arn(), roleArn));
    }
}
