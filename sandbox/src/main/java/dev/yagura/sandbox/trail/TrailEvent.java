package dev.yagura.sandbox.trail;

import java.time.Instant;

/**
 * One recorded call.
 *
 * @param at when it was made; clients ask by this time
 * @param visibleFrom when the history has it, in simulated time
 * @param userName for a role session the session's name
 * @param accessKeyId that signed it
 * @param json the whole record, as CloudTrail writes it
 */
record TrailEvent(
        String id,
        String name,
        String source,
        Instant at,
        Instant visibleFrom,
        String userName,
        String accessKeyId,
        String json) {}
