package dev.yagura.inventory.enrollment;

import dev.yagura.inventory.access.Scopes;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;

@Entity
@Table(name = "enrollment_token")
class JpaEnrollmentToken {
    @Id private UUID id = new UUID(0, 0);

    @Column(name = "secret_sha256")
    private String secretSha256 = "";

    private String partition = "";

    @Column(name = "account_id")
    private String accountId = "";

    private String region = "";

    private String description = "";

    @Column(name = "created_by")
    private String createdBy = "";

    @Column(name = "create_time")
    private Instant createTime = Instant.EPOCH;

    @Column(name = "expire_time")
    private Instant expireTime = Instant.EPOCH;

    @Column(name = "max_uses")
    private int maxUses;

    private int uses;

    protected JpaEnrollmentToken() {}

    static JpaEnrollmentToken of(EnrollmentToken token, String secretSha256) {
        JpaEnrollmentToken row = new JpaEnrollmentToken();
        row.id = token.id();
        row.secretSha256 = secretSha256;
        row.partition = token.scope().getPartition();
        row.accountId = token.scope().getAccountId();
        row.region = token.scope().getRegion();
        row.description = token.description();
        row.createdBy = token.createdBy();
        row.createTime = token.createTime();
        row.expireTime = token.expireTime();
        row.maxUses = token.maxUses();
        row.uses = token.uses();
        return row;
    }

    EnrollmentToken token() {
        return new EnrollmentToken(
                id,
                Scopes.of(partition, accountId, region),
                description,
                createdBy,
                createTime,
                expireTime,
                maxUses,
                uses);
    }

    void countUse() {
        uses++;
    }
}
