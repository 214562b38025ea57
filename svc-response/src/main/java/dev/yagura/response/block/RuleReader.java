package dev.yagura.response.block;

import dev.yagura.response.aws.AwsErrors;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Ec2Exception;
import software.amazon.awssdk.services.ec2.model.SecurityGroup;
import software.amazon.awssdk.services.ec2.model.SecurityGroupRule;

/** Reads security groups and their rules, live. Throws what the SDK throws. */
final class RuleReader {
    private static final Set<String> UNKNOWN_RULE =
            Set.of("InvalidSecurityGroupRuleId.NotFound", "InvalidSecurityGroupRuleId.Malformed");
    private static final Set<String> UNKNOWN_GROUP =
            Set.of("InvalidGroup.NotFound", "InvalidGroupId.Malformed");

    private final Ec2Client ec2;

    RuleReader(Ec2Client ec2) {
        this.ec2 = ec2;
    }

    Optional<SecurityGroupRule> rule(String id) {
        try {
            return ec2
                    .describeSecurityGroupRules(request -> request.securityGroupRuleIds(id))
                    .securityGroupRules()
                    .stream()
                    .findFirst();
        } catch (Ec2Exception e) {
            if (isUnknownRule(e)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    static boolean isUnknownRule(Ec2Exception error) {
        return UNKNOWN_RULE.contains(AwsErrors.code(error));
    }

    Optional<SecurityGroup> group(String id) {
        try {
            return ec2
                    .describeSecurityGroups(request -> request.groupIds(id))
                    .securityGroups()
                    .stream()
                    .findFirst();
        } catch (Ec2Exception e) {
            if (UNKNOWN_GROUP.contains(AwsErrors.code(e))) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** Of a group. */
    List<SecurityGroupRule> rules(String groupId) {
        return ec2
                .describeSecurityGroupRulesPaginator(
                        request -> request.filters(f -> f.name("group-id").values(groupId)))
                .securityGroupRules()
                .stream()
                .toList();
    }
}
