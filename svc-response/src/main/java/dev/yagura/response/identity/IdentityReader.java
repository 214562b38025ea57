package dev.yagura.response.identity;

import dev.yagura.response.aws.AwsErrors;
import dev.yagura.response.aws.IamPrincipal;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.AccessKeyLastUsed;
import software.amazon.awssdk.services.iam.model.AccessKeyMetadata;
import software.amazon.awssdk.services.iam.model.IamException;
import software.amazon.awssdk.services.iam.model.Role;
import software.amazon.awssdk.services.iam.model.RoleLastUsed;
import software.amazon.awssdk.services.iam.model.Tag;
import software.amazon.awssdk.services.iam.model.User;

/** Reads IAM of one account, live and page by page. Throws what the SDK throws. */
final class IdentityReader {
    /** Of sts:GetSessionToken and GetFederationToken. */
    private static final Duration LONGEST_OF_USER = Duration.ofHours(36);

    private final IamClient iam;

    /**
     * A user.
     *
     * @param passwordLastUse null for never, or no password
     */
    record LiveUser(LivePrincipal live, @Nullable Instant passwordLastUse) {}

    /**
     * A role.
     *
     * @param trust its policy of who may assume it, JSON
     * @param lastUse of any of its sessions; without a service
     */
    record LiveRole(LivePrincipal live, String trust, LastUse lastUse) {}

    /**
     * An access key of a user.
     *
     * @param status "Active", "Inactive" or "Expired"
     */
    record LiveKey(String id, String status) {
        static final String ACTIVE = "Active";
        static final String INACTIVE = "Inactive";

        boolean isActive() {
            return status.equals(ACTIVE);
        }
    }

    /**
     * When and where a key was used last; IAM tells it late, some hours for some services.
     *
     * @param at null for never
     */
    record LastUse(@Nullable Instant at, String service, String region) {
        /** "last used 2026-03-01T02:14:00Z for s3 in ap-northeast-1", for people. */
        @Override
        public String toString() {
            return at == null
                    ? "not used since IAM keeps record"
                    : "last used %s for %s in %s".formatted(at, service, region);
        }
    }

    /** Whose a key is, and its last use. */
    record KeyUse(String userName, LastUse last) {}

    IdentityReader(IamClient iam) {
        this.iam = iam;
    }

    /** Empty for a key that IAM does not know, or that is no user's, as the root user's. */
    Optional<KeyUse> use(String accessKeyId) {
        return found(() -> iam.getAccessKeyLastUsed(request -> request.accessKeyId(accessKeyId)))
                .filter(answer -> answer.userName() != null && !answer.userName().isEmpty())
                .map(answer -> new KeyUse(answer.userName(), lastUse(answer.accessKeyLastUsed())));
    }

    /** Empty when there is none of its name. */
    Optional<LivePrincipal> principal(IamPrincipal principal) {
        return switch (principal.kind()) {
            case USER -> user(principal.name()).map(LiveUser::live);
            case ROLE -> role(principal.name()).map(LiveRole::live);
        };
    }

    Optional<LiveRole> role(String name) {
        return found(() -> iam.getRole(request -> request.roleName(name)).role())
                .map(IdentityReader::role);
    }

    Optional<LiveUser> user(String name) {
        return found(() -> iam.getUser(request -> request.userName(name)).user())
                .map(IdentityReader::user);
    }

    /** Of a user; none when there is no such user. */
    List<LiveKey> keys(String userName) {
        return found(() ->
                        iam
                                .listAccessKeysPaginator(request -> request.userName(userName))
                                .accessKeyMetadata()
                                .stream()
                                .map(IdentityReader::key)
                                .toList())
                .orElse(List.of());
    }

    Optional<LiveKey> key(String userName, String id) {
        return keys(userName).stream().filter(each -> each.id().equals(id)).findFirst();
    }

    private static <T> Optional<T> found(Supplier<T> read) {
        try {
            return Optional.of(read.get());
        } catch (IamException e) {
            if (AwsErrors.isNoSuchEntity(e)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static LiveUser user(User user) {
        return new LiveUser(
                new LivePrincipal(
                        IamPrincipal.user(user.userName()),
                        arn(user.arn()),
                        user.userId(),
                        tags(user.tags()),
                        LONGEST_OF_USER),
                user.passwordLastUsed());
    }

    private static LiveRole role(Role role) {
        @Nullable RoleLastUsed last = role.roleLastUsed();
        return new LiveRole(
                new LivePrincipal(
                        IamPrincipal.role(role.roleName()),
                        arn(role.arn()),
                        role.roleId(),
                        tags(role.tags()),
                        Duration.ofSeconds(
                                Objects.requireNonNullElse(role.maxSessionDuration(), 3600))),
                URLDecoder.decode(role.assumeRolePolicyDocument(), StandardCharsets.UTF_8),
                last == null
                        ? new LastUse(null, "", "")
                        : new LastUse(last.lastUsedDate(), "", String.valueOf(last.region())));
    }

    private static PrincipalArn arn(String text) {
        return PrincipalArn.parse(text)
                .orElseThrow(() -> new IllegalStateException("IAM names it " + text));
    }

    private static Map<String, String> tags(List<Tag> tags) {
        return tags.stream().collect(Collectors.toMap(Tag::key, Tag::value));
    }

    private static LiveKey key(AccessKeyMetadata key) {
        return new LiveKey(key.accessKeyId(), key.statusAsString());
    }

    private static LastUse lastUse(@Nullable AccessKeyLastUsed use) {
        return use == null
                ? new LastUse(null, "", "")
                : new LastUse(use.lastUsedDate(), use.serviceName(), use.region());
    }
}
