package dev.yagura.cli.action;

import dev.yagura.cli.connection.UsageException;
import dev.yagura.proto.type.v1.Scope;
import picocli.CommandLine.Option;

/** Where something is that the inventory does not know by its id. */
final class ScopeOptions {
    @Option(
            names = "--account",
            defaultValue = "",
            description = "Of what is named by --tag or --access-key.")
    private String account = "";

    @Option(
            names = "--region",
            defaultValue = "",
            description =
                    "With --tag: region of the hosts. With --access-key: the one through which IAM"
                            + " is reached (default: us-east-1).")
    private String region = "";

    /** Of something that is in a region. */
    Scope regional(String option) {
        if (account.isEmpty() || region.isEmpty()) {
            throw new UsageException(option + ": give --account and --region of the hosts too");
        }
        return scope(region);
    }

    /** Of something that is in all regions. */
    Scope global(String option) {
        if (account.isEmpty()) {
            throw new UsageException(option + ": give its --account too");
        }
        return scope(region.isEmpty() ? "us-east-1" : region);
    }

    private Scope scope(String in) {
        return Scope.newBuilder()
                .setPartition(partition(in))
                .setAccountId(account)
                .setRegion(in)
                .build();
    }

    private static String partition(String region) {
        if (region.startsWith("cn-")) {
            return "aws-cn";
        }
        return region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
    }
}
