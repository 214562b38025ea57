package dev.yagura.detection.rule;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * Matches of one rule that are no alerts.
 *
 * @param ruleName "rules/{pack}/{key}"
 * @param text YAML, see {@link ExceptionText}
 * @param expireTime from then on it covers nothing
 * @param matchCount matches that it covered
 */
record StoredException(
        UUID id,
        String ruleName,
        String text,
        String reason,
        String creator,
        Instant createTime,
        Optional<Instant> expireTime,
        long matchCount,
        Optional<Instant> lastMatchTime) {

    /** "rules/{pack}/{key}/exceptions/{uuid}" */
    String name() {
        return ruleName + "/exceptions/" + id;
    }

    boolean isExpired(Instant now) {
        return expireTime.map(end -> !now.isBefore(end)).orElse(false);
    }
}
