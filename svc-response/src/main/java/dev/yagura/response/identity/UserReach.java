package dev.yagura.response.identity;

import dev.yagura.proto.response.v1.PreflightCheck;
import dev.yagura.response.aws.Checks;
import java.util.List;
import java.util.stream.Collectors;

/** How a user is used, as far as IAM tells. */
final class UserReach {
    private UserReach() {}

    /** Throws what the SDK throws. */
    static List<PreflightCheck> checks(IdentityReader reader, IdentityReader.LiveUser user) {
        return List.of(keys(reader, user), password(user));
    }

    private static PreflightCheck keys(IdentityReader reader, IdentityReader.LiveUser user) {
        String label = "access keys of the user";
        List<IdentityReader.LiveKey> keys = reader.keys(user.live().principal().name());
        String detail =
                keys.stream()
                        .map(key ->
                                "%s (%s, %s)"
                                        .formatted(
                                                key.id(),
                                                key.status(),
                                                reader.use(key.id())
                                                        .map(use -> use.last().toString())
                                                        .orElse("last use not known")))
                        .collect(Collectors.joining(", "));
        return keys.stream().anyMatch(IdentityReader.LiveKey::isActive)
                ? Checks.warning(
                        label,
                        detail,
                        "what calls AWS with them loses access; disable_access_key is for one key")
                : Checks.passed(label, detail.isEmpty() ? "none" : detail);
    }

    private static PreflightCheck password(IdentityReader.LiveUser user) {
        String label = "password of the user";
        return user.passwordLastUse() == null
                ? Checks.passed(label, "none, or not used since IAM keeps record")
                : Checks.warning(
                        label,
                        "last used " + user.passwordLastUse(),
                        "whoever is signed in to the console loses access");
    }
}
