package dev.yagura.response.identity;

import dev.yagura.response.aws.IamPrincipal;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whom an ARN of IAM or STS names.
 *
 * @param path "/" or "/division/", of IAM's own ARNs; those of sessions do not have it
 */
record PrincipalArn(String partition, String accountId, String path, IamPrincipal principal) {
    private static final Pattern IAM =
            Pattern.compile("arn:([a-z-]+):iam::([0-9]{12}):(user|role)(/|/.+/)([^/]+)");
    private static final Pattern SESSION =
            Pattern.compile("arn:([a-z-]+):sts::([0-9]{12}):assumed-role/([^/]+)/.+");

    /** Empty for what is neither a user, nor a role, nor a session of one. */
    static Optional<PrincipalArn> parse(String arn) {
        Matcher session = SESSION.matcher(arn);
        if (session.matches()) {
            return Optional.of(
                    new PrincipalArn(
                            session.group(1),
                            session.group(2),
                            "/",
                            IamPrincipal.role(session.group(3))));
        }
        Matcher iam = IAM.matcher(arn);
        return iam.matches()
                ? Optional.of(
                        new PrincipalArn(
                                iam.group(1),
                                iam.group(2),
                                iam.group(4),
                                iam.group(3).equals("user")
                                        ? IamPrincipal.user(iam.group(5))
                                        : IamPrincipal.role(iam.group(5))))
                : Optional.empty();
    }

    @Override
    public String toString() {
        return "arn:%s:iam::%s:%s%s%s"
                .formatted(
                        partition,
                        accountId,
                        switch (principal.kind()) {
                            case USER -> "user";
                            case ROLE -> "role";
                        },
                        path,
                        principal.name());
    }

    /** Paths do not tell principals apart. */
    boolean isSameAs(PrincipalArn other) {
        return partition.equals(other.partition)
                && accountId.equals(other.accountId)
                && principal.equals(other.principal);
    }
}
