package dev.yagura.detection.indicator;

import dev.yagura.indicator.IndicatorKey;
import dev.yagura.proto.detection.v1.Severity;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An indicator as the store has it, with its list as it is now.
 *
 * @param validFrom null: since ever
 * @param validUntil null: no end; the end itself is outside
 * @param listVersion of the import that added or last changed it
 */
record StoredIndicator(
        UUID id,
        IndicatorList list,
        IndicatorKey key,
        String sourceId,
        @Nullable Instant validFrom,
        @Nullable Instant validUntil,
        boolean revokedBySource,
        int confidence,
        Severity severity,
        List<String> labels,
        String description,
        long listVersion,
        Instant firstImportTime,
        Instant importTime,
        Optional<Revocation> revocation) {
    StoredIndicator {
        labels = List.copyOf(labels);
    }

    /** Said by a person. */
    record Revocation(String reason, String author, Instant createTime) {}

    String name() {
        return list.name() + "/indicators/" + id;
    }

    boolean isRevoked() {
        return revokedBySource || revocation.isPresent();
    }

    /** An event of this time matches. */
    boolean isValidAt(Instant time) {
        return !isRevoked()
                && (validFrom == null || !time.isBefore(validFrom))
                && (validUntil == null || time.isBefore(validUntil));
    }

    /** Why an event of this time matches, or why not. */
    String validity(Instant time) {
        if (revocation.isPresent()) {
            return "revoked here at %s by %s: %s"
                    .formatted(
                            revocation.get().createTime(),
                            revocation.get().author(),
                            revocation.get().reason());
        }
        if (revokedBySource) {
            return "revoked by its source, as of the import at " + importTime;
        }
        if (validFrom != null && time.isBefore(validFrom)) {
            return "not valid before " + validFrom;
        }
        if (validUntil != null && !time.isBefore(validUntil)) {
            return "valid until " + validUntil + " only";
        }
        return "valid from %s until %s, in %s since the import at %s, not revoked"
                .formatted(
                        validFrom == null ? "ever" : validFrom,
                        validUntil == null ? "further notice" : validUntil,
                        list.name(),
                        firstImportTime);
    }
}
