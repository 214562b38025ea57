package dev.yagura.gateway.token;

import com.google.protobuf.ByteString;
import dev.yagura.proto.type.v1.Role;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

@Entity
@Table(name = "token")
class JpaToken {
    private static final String ROLE_PREFIX = "ROLE_";

    @Id private UUID id = new UUID(0, 0);

    @Column(name = "secret_sha256")
    private byte[] secretSha256 = {};

    @Column(name = "display_name")
    private String displayName = "";

    private String role = "";

    @Column(name = "account_ids")
    private String accountIds = "";

    private boolean bootstrap;
    private boolean automation;

    @Column(name = "created_at")
    private Instant createdAt = Instant.EPOCH;

    @Column(name = "expires_at")
    private Instant expiresAt = Instant.EPOCH;

    @Column(name = "revoked_at")
    private @Nullable Instant revokedAt;

    protected JpaToken() {}

    JpaToken(Token token) {
        this.id = token.id();
        this.secretSha256 = token.secretSha256().toByteArray();
        this.displayName = token.displayName();
        this.role = token.role().name().substring(ROLE_PREFIX.length());
        this.accountIds = String.join(",", token.accountIds());
        this.bootstrap = token.bootstrap();
        this.automation = token.automation();
        this.createdAt = token.createTime();
        this.expiresAt = token.expireTime();
        this.revokedAt = token.revokeTime().orElse(null);
    }

    Token toToken() {
        return new Token(
                id,
                ByteString.copyFrom(secretSha256),
                displayName,
                Role.valueOf(ROLE_PREFIX + role),
                accountIds.isEmpty() ? List.of() : Arrays.asList(accountIds.split(",")),
                bootstrap,
                automation,
                createdAt,
                expiresAt,
                Optional.ofNullable(revokedAt));
    }

    boolean isRevoked() {
        return revokedAt != null;
    }

    void revoke(Instant now) {
        this.revokedAt = now;
    }
}
