package dev.yagura.gateway.token;

import com.google.protobuf.ByteString;
import dev.yagura.common.identity.Principal;
import dev.yagura.proto.type.v1.PrincipalKind;
import dev.yagura.proto.type.v1.Role;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * A bearer token, without its secret.
 *
 * @param secretSha256 of the secret's random part
 * @param accountIds twelve digits each; empty means every account
 * @param bootstrap made at start for the bootstrap file
 * @param automation a program uses it
 */
record Token(
        UUID id,
        ByteString secretSha256,
        String displayName,
        Role role,
        List<String> accountIds,
        boolean bootstrap,
        boolean automation,
        Instant createTime,
        Instant expireTime,
        Optional<Instant> revokeTime) {

    Token {
        accountIds = List.copyOf(accountIds);
    }

    boolean isLive(Instant now) {
        return revokeTime.isEmpty() && expireTime.isAfter(now);
    }

    Principal principal() {
        return new Principal(
                automation
                        ? PrincipalKind.PRINCIPAL_KIND_AUTOMATION
                        : PrincipalKind.PRINCIPAL_KIND_USER,
                id.toString(),
                displayName,
                role,
                Set.copyOf(accountIds),
                Optional.empty(),
                expireTime);
    }
}
