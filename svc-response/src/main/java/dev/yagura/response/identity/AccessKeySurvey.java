package dev.yagura.response.identity;

import dev.yagura.common.error.NotFoundException;
import dev.yagura.proto.response.v1.AccessKeyState;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.services.iam.IamClient;

/**
 * An access key, its user, and who the platform is, as read just now.
 *
 * @param use of the key
 * @param others keys of the same user, with their last use
 */
record AccessKeySurvey(
        IdentityReader.LiveKey key,
        IdentityReader.LastUse use,
        LivePrincipal user,
        List<OtherKey> others,
        Platform platform) {

    String userName() {
        return user.principal().name();
    }

    /** What undo needs of it. */
    AccessKeyState.Builder state() {
        return AccessKeyState.newBuilder()
                .setUserName(userName())
                .setStatus(key.status())
                .setAccessKeyId(key.id());
    }

    /** Another key of the same user. */
    record OtherKey(IdentityReader.LiveKey key, IdentityReader.LastUse use) {
        @Override
        public String toString() {
            return "%s (%s, %s)".formatted(key.id(), key.status(), use);
        }
    }

    AccessKeySurvey {
        others = List.copyOf(others);
    }

    /**
     * Reads everything.
     *
     * @param platform that must not be cut off
     * @throws NotFoundException no such key of a user
     */
    static AccessKeySurvey take(IamClient iam, String accessKeyId, Platform platform) {
        IdentityReader reader = new IdentityReader(iam);
        IdentityReader.KeyUse use = reader.use(accessKeyId).orElseThrow(() -> unknown(accessKeyId));
        LivePrincipal user =
                reader.user(use.userName()).orElseThrow(() -> unknown(accessKeyId)).live();
        List<IdentityReader.LiveKey> keys = reader.keys(user.principal().name());
        List<OtherKey> others = new ArrayList<>();
        for (IdentityReader.LiveKey each : keys) {
            if (!each.id().equals(accessKeyId)) {
                reader.use(each.id())
                        .ifPresent(last -> others.add(new OtherKey(each, last.last())));
            }
        }
        return new AccessKeySurvey(
                keys.stream()
                        .filter(each -> each.id().equals(accessKeyId))
                        .findFirst()
                        .orElseThrow(() -> unknown(accessKeyId)),
                use.last(),
                user,
                others,
                platform);
    }

    private static NotFoundException unknown(String accessKeyId) {
        return new NotFoundException("access key", accessKeyId);
    }
}
