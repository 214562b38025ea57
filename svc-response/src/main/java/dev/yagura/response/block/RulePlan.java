package dev.yagura.response.block;

import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.Plan;
import dev.yagura.proto.response.v1.PlannedCall;
import dev.yagura.proto.response.v1.PreflightCheck;
import dev.yagura.proto.response.v1.RemovedRule;
import dev.yagura.response.aws.Checks;
import dev.yagura.response.aws.Ec2DryRun;
import dev.yagura.response.aws.SavedTime;
import dev.yagura.response.isolation.Change;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ec2.model.IpPermission;
import software.amazon.awssdk.services.ec2.model.ResourceType;
import software.amazon.awssdk.services.ec2.model.Tag;
import software.amazon.awssdk.services.ec2.model.TagSpecification;

/** Writes down what taking a rule away would do, from a survey, and makes its calls. */
final class RulePlan {
    private static final String GROUP = "GroupId";

    private RulePlan() {}

    static Plan of(BlockCloud cloud, RuleSurvey survey, ActionTarget target, Instant now) {
        RemovedRule rule = survey.rule();
        PlannedCall call =
                revoke(survey.ruleId(), rule).asked(cloud, GroupRules.text(rule), "no such rule");
        return Plan.newBuilder()
                .setCreateTime(SavedTime.of(now))
                .addAllChecks(checks(survey, target))
                .addChecks(Ec2DryRun.check(ActionKind.ACTION_KIND_BLOCK_INDICATOR, List.of(call)))
                .addCalls(call)
                .addUndoCalls(
                        authorize(rule).later("no such rule", GroupRules.text(rule) + ", new id"))
                .addAllResidualRisks(risks(rule))
                .build();
    }

    private static List<PreflightCheck> checks(RuleSurvey survey, ActionTarget target) {
        String groupId = survey.rule().getSecurityGroupId();
        return List.of(
                Checks.account(survey.ownerId(), target),
                Checks.unprotected(groupId, survey.tags()),
                notOurs(survey),
                alone(survey),
                survey.reached().check("what has the security group", "with " + groupId));
    }

    private static PreflightCheck notOurs(RuleSurvey survey) {
        String label = "it is no rule of an isolation";
        return survey.tags().containsKey(Change.TAG)
                ? Checks.refused(
                        label,
                        survey.rule().getSecurityGroupId()
                                + " is a group of Yagura: its rules keep isolated hosts reachable",
                        "undo the isolation, or leave it")
                : Checks.passed(label, "");
    }

    private static PreflightCheck alone(RuleSurvey survey) {
        String label = "no other rule of the group allows the same";
        return survey.covering().isEmpty()
                ? Checks.passed(label, "")
                : Checks.warning(
                        label,
                        String.join(", ", survey.covering()) + ": nothing is blocked by it alone",
                        "take that one away too");
    }

    static BlockChange revoke(String ruleId, RemovedRule rule) {
        String groupId = rule.getSecurityGroupId();
        Map<String, String> parameters = Map.of(GROUP, groupId, "SecurityGroupRuleId", ruleId);
        return rule.getEgress()
                ? BlockChange.of(
                        "ec2:RevokeSecurityGroupEgress",
                        parameters,
                        (cloud, dryRun) ->
                                cloud.ec2()
                                        .revokeSecurityGroupEgress(request ->
                                                request.groupId(groupId)
                                                        .securityGroupRuleIds(ruleId)
                                                        .dryRun(dryRun)))
                : BlockChange.of(
                        "ec2:RevokeSecurityGroupIngress",
                        parameters,
                        (cloud, dryRun) ->
                                cloud.ec2()
                                        .revokeSecurityGroupIngress(request ->
                                                request.groupId(groupId)
                                                        .securityGroupRuleIds(ruleId)
                                                        .dryRun(dryRun)));
    }

    static BlockChange authorize(RemovedRule rule) {
        String groupId = rule.getSecurityGroupId();
        IpPermission permission = GroupRules.permission(rule);
        @Nullable TagSpecification tags = tags(rule);
        return rule.getEgress()
                ? BlockChange.of(
                        "ec2:AuthorizeSecurityGroupEgress",
                        parameters(rule),
                        (cloud, dryRun) ->
                                cloud.ec2()
                                        .authorizeSecurityGroupEgress(request -> {
                                            request.groupId(groupId)
                                                    .ipPermissions(permission)
                                                    .dryRun(dryRun);
                                            if (tags != null) {
                                                request.tagSpecifications(tags);
                                            }
                                        }))
                : BlockChange.of(
                        "ec2:AuthorizeSecurityGroupIngress",
                        parameters(rule),
                        (cloud, dryRun) ->
                                cloud.ec2()
                                        .authorizeSecurityGroupIngress(request -> {
                                            request.groupId(groupId)
                                                    .ipPermissions(permission)
                                                    .dryRun(dryRun);
                                            if (tags != null) {
                                                request.tagSpecifications(tags);
                                            }
                                        }));
    }

    private static Map<String, String> parameters(RemovedRule rule) {
        Map<String, String> parameters = new HashMap<>();
        parameters.put(GROUP, rule.getSecurityGroupId());
        parameters.put("IpPermissions", GroupRules.text(rule));
        if (!rule.getDescription().isEmpty()) {
            parameters.put("Description", rule.getDescription());
        }
        if (rule.getTagsCount() > 0) {
            parameters.put("TagSpecification", new TreeMap<>(rule.getTagsMap()).toString());
        }
        return parameters;
    }

    private static @Nullable TagSpecification tags(RemovedRule rule) {
        return rule.getTagsCount() == 0
                ? null
                : TagSpecification.builder()
                        .resourceType(ResourceType.SECURITY_GROUP_RULE)
                        .tags(
                                rule.getTagsMap().entrySet().stream()
                                        .map(tag ->
                                                Tag.builder()
                                                        .key(tag.getKey())
                                                        .value(tag.getValue())
                                                        .build())
                                        .toList())
                        .build();
    }

    private static List<String> risks(RemovedRule rule) {
        return List.of(
                "Connections that are open and tracked go on until they are idle, TCP for up to five"
                        + " days: only new ones are blocked. isolate_host, a network ACL or a stop"
                        + " cut them.",
                "Other groups of the same interfaces may allow the same, and other groups allow it"
                        + " elsewhere: only rules of "
                        + rule.getSecurityGroupId()
                        + " were looked at.",
                "Security groups do not filter DNS by the Route 53 Resolver, instance metadata and"
                        + " the time service.",
                "It is not watched: whoever may change the group, Terraform and Firewall Manager"
                        + " among them, can allow it again.",
                "Undo allows exactly the same again, with description and tags; the rule has another"
                        + " id then, which what refers to it must be told.");
    }
}
