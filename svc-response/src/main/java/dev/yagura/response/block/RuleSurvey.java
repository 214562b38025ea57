package dev.yagura.response.block;

import dev.yagura.common.error.NotFoundException;
import dev.yagura.proto.response.v1.RemovedRule;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.SecurityGroup;
import software.amazon.awssdk.services.ec2.model.SecurityGroupRule;
import software.amazon.awssdk.services.ec2.model.Tag;

/**
 * A rule that is to be taken away, and whom it concerns, as read just now.
 *
 * @param ownerId account of the group
 * @param tags of the group
 * @param covering other rules of the group that allow the same: "sgr-… (in all from …)"
 * @param reached who has the group
 */
record RuleSurvey(
        String ruleId,
        RemovedRule rule,
        String ownerId,
        Map<String, String> tags,
        List<String> covering,
        Reached reached) {

    RuleSurvey {
        tags = Map.copyOf(tags);
        covering = List.copyOf(covering);
    }

    /**
     * Reads everything.
     *
     * @throws NotFoundException no such rule
     */
    static RuleSurvey take(Ec2Client ec2, String ruleId) {
        RuleReader reader = new RuleReader(ec2);
        RemovedRule rule =
                GroupRules.saved(
                        reader.rule(ruleId)
                                .orElseThrow(() ->
                                        new NotFoundException("security group rule", ruleId)));
        String groupId = rule.getSecurityGroupId();
        SecurityGroup group =
                reader.group(groupId)
                        .orElseThrow(() -> new NotFoundException("security group", groupId));
        return new RuleSurvey(
                ruleId,
                rule,
                group.ownerId(),
                group.tags().stream().collect(Collectors.toMap(Tag::key, Tag::value)),
                reader.rules(groupId).stream()
                        .filter(each -> !each.securityGroupRuleId().equals(ruleId))
                        .filter(each -> GroupRules.covers(GroupRules.saved(each), rule))
                        .map(RuleSurvey::shown)
                        .toList(),
                Reached.by(ec2, "group-id", List.of(groupId)));
    }

    private static String shown(SecurityGroupRule rule) {
        return "%s (%s)"
                .formatted(rule.securityGroupRuleId(), GroupRules.text(GroupRules.saved(rule)));
    }
}
