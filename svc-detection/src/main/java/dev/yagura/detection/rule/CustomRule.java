package dev.yagura.detection.rule;

import java.time.Instant;

/**
 * A rule of the pack "custom", as it is stored.
 *
 * @param id the rule's own UUID, lower case
 * @param version counts its texts, from 1
 * @param updater id of who wrote the text
 */
record CustomRule(
        String id,
        String text,
        long version,
        Instant createTime,
        Instant updateTime,
        String updater) {}
