package dev.yagura.response.identity;

import dev.yagura.response.aws.IamPrincipal;
import java.time.Duration;
import java.util.Map;

/**
 * A user or role, as IAM has it now.
 *
 * @param id unique also among those that had the name before: AIDA… or AROA…
 * @param longestSession how long credentials that it gave away may live
 */
record LivePrincipal(
        IamPrincipal principal,
        PrincipalArn arn,
        String id,
        Map<String, String> tags,
        Duration longestSession) {
    LivePrincipal {
        tags = Map.copyOf(tags);
    }
}
