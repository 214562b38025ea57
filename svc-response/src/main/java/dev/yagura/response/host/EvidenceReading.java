package dev.yagura.response.host;

import dev.yagura.proto.response.v1.VerificationLevel;
import dev.yagura.response.action.ActionFailedException;
import dev.yagura.response.action.ActionRun;
import dev.yagura.response.action.RetryLaterException;
import dev.yagura.response.aws.AwsErrors;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.util.Set;
import java.util.function.Function;
import software.amazon.awssdk.core.exception.SdkException;

/** Reads back what a host says to have uploaded: what S3 does not have refutes it. */
final class EvidenceReading {
    /** S3's answers for an object that is not there; the last without the right to list. */
    private static final Set<String> ABSENT = Set.of("NoSuchKey", "NoSuchBucket", "AccessDenied");

    private final ActionRun run;
    private final AwsErrors errors;
    private final Clock clock;

    EvidenceReading(ActionRun run, AwsErrors errors, Clock clock) {
        this.run = run;
        this.errors = errors;
        this.clock = clock;
    }

    /**
     * One object.
     *
     * @param place for people, "s3://…"
     * @param reading gets what is to be told of progress
     */
    <T> T read(String place, Function<Runnable, T> reading) {
        try {
            return reading.apply(new ReadingTime(clock, run::extend));
        } catch (SdkException e) {
            if (ABSENT.contains(AwsErrors.code(e))) {
                throw refuted(
                        ("the host says that it has uploaded, but S3 does not give %s (%s): it is"
                                        + " not there, or the role lacks s3:GetObject or"
                                        + " kms:Decrypt")
                                .formatted(place, AwsErrors.text(e)));
            }
            throw errors.whileRunning(e);
        } catch (UncheckedIOException e) {
            throw new RetryLaterException("S3 broke off while " + place + " was read", e);
        }
    }

    /** What S3 has is not what the host says. */
    ActionFailedException refuted(String detail) {
        return refuted(VerificationLevel.VERIFICATION_LEVEL_CONFIG_READ, detail);
    }

    /** By what the host itself says, for one. */
    ActionFailedException refuted(VerificationLevel level, String detail) {
        run.verified(level, false, detail);
        return new ActionFailedException(detail);
    }
}
