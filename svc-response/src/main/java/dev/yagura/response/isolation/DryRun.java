package dev.yagura.response.isolation;

import dev.yagura.response.aws.Ec2DryRun;

/** What EC2 says of a change before it is made. */
final class DryRun {
    private static final String NOT_SUPPORTED =
            "not supported: this service has no DryRun; refused, it is the action that says so";

    private DryRun() {}

    /**
     * "allowed", "denied: " and why, or "not supported: " and why. Throws what the SDK throws when
     * EC2 does not answer.
     */
    static String of(Cloud cloud, Change change) {
        return change.hasDryRun() ? Ec2DryRun.of(() -> change.tryOut(cloud)) : NOT_SUPPORTED;
    }
}
