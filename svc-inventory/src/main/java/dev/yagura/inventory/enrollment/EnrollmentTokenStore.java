package dev.yagura.inventory.enrollment;

import java.util.Optional;
import java.util.UUID;

/** Where enrolment tokens are kept. */
interface EnrollmentTokenStore {
    void insert(EnrollmentToken token, String secretSha256);

    /** Locks the row until the caller's transaction ends. */
    Optional<EnrollmentToken> lock(String secretSha256);

    /** One use more; the row is locked by the caller. */
    void countUse(UUID id);
}
