package dev.yagura.response.block;

import dev.yagura.proto.response.v1.RemovedRule;
import dev.yagura.response.aws.AddressBlock;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ec2.model.IpPermission;
import software.amazon.awssdk.services.ec2.model.SecurityGroupRule;
import software.amazon.awssdk.services.ec2.model.Tag;

/** Rules of security groups as they are saved, and what they have in common. */
final class GroupRules {
    static final String ALL = "-1";

    /** Nobody but AWS sets these. */
    private static final String AWS_TAG = "aws:";

    private GroupRules() {}

    /** What undo needs of a rule. */
    static RemovedRule saved(SecurityGroupRule rule) {
        RemovedRule.Builder saved =
                RemovedRule.newBuilder()
                        .setSecurityGroupId(rule.groupId())
                        .setEgress(Boolean.TRUE.equals(rule.isEgress()))
                        .setProtocol(rule.ipProtocol())
                        .setFromPort(Objects.requireNonNullElse(rule.fromPort(), -1))
                        .setToPort(Objects.requireNonNullElse(rule.toPort(), -1))
                        .setCidr(
                                Stream.of(text(rule.cidrIpv4()), text(rule.cidrIpv6()))
                                        .filter(each -> !each.isEmpty())
                                        .findFirst()
                                        .orElse(""))
                        .setPrefixListId(text(rule.prefixListId()))
                        .setDescription(text(rule.description()))
                        .putAllTags(
                                rule.tags().stream()
                                        .filter(tag -> !tag.key().startsWith(AWS_TAG))
                                        .collect(Collectors.toMap(Tag::key, Tag::value)));
        if (rule.referencedGroupInfo() != null) {
            saved.setReferencedGroupId(text(rule.referencedGroupInfo().groupId()))
                    .setReferencedAccountId(text(rule.referencedGroupInfo().userId()));
        }
        return saved.build();
    }

    /** Whether both allow the same; descriptions and tags do not count. */
    static boolean isSame(RemovedRule one, RemovedRule other) {
        return traffic(one).equals(traffic(other));
    }

    private static RemovedRule traffic(RemovedRule rule) {
        return rule.toBuilder().clearDescription().clearTags().clearRestoredRuleId().build();
    }

    /** Whether all that the other one allows is allowed by this one, as far as ids tell. */
    static boolean covers(RemovedRule rule, RemovedRule other) {
        boolean everything = rule.getProtocol().equals(ALL);
        boolean ports =
                everything
                        || rule.getFromPort() == -1
                        || (rule.getFromPort() <= other.getFromPort()
                                && other.getToPort() <= rule.getToPort());
        return rule.getEgress() == other.getEgress()
                && (everything || rule.getProtocol().equals(other.getProtocol()))
                && ports
                && reaches(rule, other);
    }

    private static boolean reaches(RemovedRule rule, RemovedRule other) {
        if (!rule.getCidr().isEmpty() && !other.getCidr().isEmpty()) {
            return AddressBlock.parse(rule.getCidr()).contains(AddressBlock.parse(other.getCidr()));
        }
        return rule.getCidr().equals(other.getCidr())
                && rule.getPrefixListId().equals(other.getPrefixListId())
                && rule.getReferencedGroupId().equals(other.getReferencedGroupId());
    }

    /** As a call takes it. */
    static IpPermission permission(RemovedRule rule) {
        IpPermission.Builder permission = IpPermission.builder().ipProtocol(rule.getProtocol());
        if (!rule.getProtocol().equals(ALL)) {
            permission.fromPort(rule.getFromPort()).toPort(rule.getToPort());
        }
        @Nullable String description =
                rule.getDescription().isEmpty() ? null : rule.getDescription();
        if (!rule.getPrefixListId().isEmpty()) {
            permission.prefixListIds(
                    list -> list.prefixListId(rule.getPrefixListId()).description(description));
        } else if (!rule.getReferencedGroupId().isEmpty()) {
            permission.userIdGroupPairs(pair ->
                    pair.groupId(rule.getReferencedGroupId())
                            .userId(
                                    rule.getReferencedAccountId().isEmpty()
                                            ? null
                                            : rule.getReferencedAccountId())
                            .description(description));
        } else if (AddressBlock.parse(rule.getCidr()).isIpv6()) {
            permission.ipv6Ranges(range -> range.cidrIpv6(rule.getCidr()).description(description));
        } else {
            permission.ipRanges(range -> range.cidrIp(rule.getCidr()).description(description));
        }
        return permission.build();
    }

    /** "in tcp 443 from 0.0.0.0/0". */
    static String text(RemovedRule rule) {
        boolean noPorts = rule.getProtocol().equals(ALL) || rule.getFromPort() == -1;
        String ports =
                rule.getFromPort() == rule.getToPort()
                        ? " " + rule.getFromPort()
                        : " " + rule.getFromPort() + "-" + rule.getToPort();
        return "%s %s%s %s %s"
                .formatted(
                        rule.getEgress() ? "out" : "in",
                        rule.getProtocol().equals(ALL) ? "all" : rule.getProtocol(),
                        noPorts ? "" : ports,
                        rule.getEgress() ? "to" : "from",
                        farEnd(rule));
    }

    private static String farEnd(RemovedRule rule) {
        return List.of(rule.getCidr(), rule.getPrefixListId(), rule.getReferencedGroupId()).stream()
                .filter(each -> !each.isEmpty())
                .findFirst()
                .orElse("nowhere");
    }

    private static String text(@Nullable String value) {
        return value == null ? "" : value;
    }
}
