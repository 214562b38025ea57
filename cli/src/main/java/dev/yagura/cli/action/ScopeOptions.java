package dev.yagura.cli.action;

import dev.yagura.cli.connection.UsageException;
import dev.yagura.proto.type.v1.Scope;
import picocli.CommandLine.Option;

/** Where something is that the inventory does not know by its id. */
final class ScopeOptions {
    private static final String EXAMPLE_ARN = "arn:aws:iam::111122223333:user/rei";
    private static final String EXAMPLE_FUNCTION =
            "arn:aws:lambda:ap-northeast-1:111122223333:function:shop-order";

    @Option(
            names = "--account",
            defaultValue = "",
            description =
                    "Of what is named by --tag, --access-key, --role, --function, --task, --pod,"
                            + " --network-acl, --security-group-rule or --vpc, or that a ticket is"
                            + " about; of the host of an incident, for import_findings.")
    private String account = "";

    @Option(
            names = "--region",
            defaultValue = "",
            description =
                    "With --tag, --function, --task, --pod or what is blocked: its own; for"
                            + " import_findings that of Security Hub. With --role or --principal: the one whose instances are looked"
                            + " at; with --access-key or --endpoint any one (default: us-east-1).")
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
        String[] parts = parts(option, arn, EXAMPLE_ARN);
        return Scope.newBuilder()
                .setPartition(parts[1])
                .setAccountId(parts[4])
                .setRegion(region.isEmpty() ? usualRegion(parts[1]) : region)
                .build();
    }

    /** Of what an ARN names that is in a region. */
    Scope ofRegional(String option, String arn) {
        String[] parts = parts(option, arn, EXAMPLE_FUNCTION);
        if (parts[3].isEmpty()) {
            throw new UsageException(option + ": " + arn + " is no ARN of a region");
        }
        if (!region.isEmpty() && !region.equals(parts[3])) {
            throw new UsageException("--region: the ARN is of region " + parts[3]);
        }
        return Scope.newBuilder()
                .setPartition(parts[1])
                .setAccountId(parts[4])
                .setRegion(parts[3])
                .build();
    }

    private String[] parts(String option, String arn, String example) {
        String[] parts = arn.split(":", -1);
        if (parts.length < 6 || !parts[0].equals("arn")) {
            throw new UsageException(option + ": " + arn + " is no ARN; give one like " + example);
        }
        if (!account.isEmpty() && !account.equals(parts[4])) {
            throw new UsageException("--account: the ARN is of account " + parts[4]);
        }
        return parts;
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
