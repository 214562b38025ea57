package dev.yagura.inventory.reconcile;

import dev.yagura.common.aws.AwsAnswers;
import dev.yagura.common.log.LogKeys;
import dev.yagura.common.text.Texts;
import dev.yagura.inventory.access.Scopes;
import dev.yagura.proto.type.v1.Scope;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Readings beside those of assets that failed: what they read is tried again with the next. */
public final class ReadFailures {
    private static final Logger LOG = LoggerFactory.getLogger(ReadFailures.class);
    private static final int REASON_LENGTH = 500;

    private ReadFailures() {}

    /**
     * Logs one.
     *
     * @param operation of AWS, for example "ssm:DescribeInstanceInformation"
     * @return why it failed, as long as it is kept
     */
    public static String logged(Scope scope, String operation, RuntimeException e) {
        String reason = AwsAnswers.text(e);
        LOG.atWarn()
                .addKeyValue(LogKeys.KEY, Scopes.text(scope))
                .addKeyValue(LogKeys.OPERATION, operation)
                .addKeyValue(LogKeys.REASON, reason)
                .log("cannot read what AWS says of a scope; what is known grows stale");
        return Texts.clip(reason, REASON_LENGTH);
    }
}
