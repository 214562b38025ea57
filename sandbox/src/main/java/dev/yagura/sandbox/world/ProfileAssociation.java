package dev.yagura.sandbox.world;

import java.time.Duration;
import java.time.Instant;

/**
 * That an instance has an instance profile.
 *
 * @param profile name of the instance profile
 * @param since when it was asked for
 * @param settlesAt end of associating, or of disassociating
 * @param ending another one takes its place
 */
public record ProfileAssociation(
        String id,
        String instanceId,
        String profile,
        Instant since,
        Instant settlesAt,
        boolean ending)
        implements Resource {

    /** As EC2 names it. */
    public String state(Instant now) {
        boolean settled = !now.isBefore(settlesAt);
        if (ending) {
            return settled ? "disassociated" : "disassociating";
        }
        return settled ? "associated" : "associating";
    }

    /** EC2 shows it no more. */
    public boolean isGone(Instant now) {
        return ending && !now.isBefore(settlesAt);
    }

    public ProfileAssociation end(Instant now, Duration takes) {
        return new ProfileAssociation(id, instanceId, profile, since, now.plus(takes), true);
    }
}
