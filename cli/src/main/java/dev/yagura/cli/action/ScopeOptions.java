package dev.yagura.cli.action;

import dev.yagura.cli.connection.UsageException;
import dev.yagura.proto.type.v1.Scope;
import picocli.CommandLine.Option;

/** Where something is that the inventory does not know by its id. */
final class ScopeOptions {
    private static final String EXAMPLE_ARN = "arn:aws:iam::111122223333:user/rei";

    @Option(
            names = "--account",
            defaultValue = "",
            description =
                    "Of what is named by --tag, --access-key, --role, --network-acl,"
                            + " --security-group-rule or --vpc.")
    private String account = "";

    @Option(
            names = "--region",
            defaultValue = "",
            description =
                    "With --tag: region of the hosts; with what is blocked: its own. With --role or --principal: the one whose instances are looked"
                            + " at; with --access-key any one (default: us-east-1).")
    private String region = "";

    /** Of something that is in a region. */
    Scope regional(String option) {
        if (account.isEmpty() || region.isEmpty()) {
            throw new UsageException(option + ": give --account and --region too");
        }
        return scope(region);
    }

    /** Of something that is in all regions. */
    Scope global(String option) {
        if (account.isEmpty()) {
            throw new UsageException(option + ": give its --account too");
        }
        return scope(region.isEmpty() ? usualRegion("aws") : region);
    }

    /** Of what an ARN of IAM names; the region is only the one to look in. */
    Scope of(String option, String arn) {
        String[] parts = arn.split(":", -1);
        if (parts.length < 6 || !parts[0].equals("arn")) {
            throw new UsageException(
                    option + ": " + arn + " is no ARN; give one like " + EXAMPLE_ARN);
        }
        if (!account.isEmpty() && !account.equals(parts[4])) {
            throw new UsageException("--account: the ARN is of account " + parts[4]);
        }
        return Scope.newBuilder()
                .setPartition(parts[1])
                .setAccountId(parts[4])
                .setRegion(region.isEmpty() ? usualRegion(parts[1]) : region)
                .build();
    }

    private static String usualRegion(String partition) {
        return switch (partition) {
            case "aws-cn" -> "cn-north-1";
            case "aws-us-gov" -> "us-gov-west-1";
            default -> "us-east-1";
        };
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
