package dev.yagura.response.block;

import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.PreflightCheck;
import dev.yagura.response.action.Guards;
import dev.yagura.response.aws.AddressBlock;
import dev.yagura.response.aws.Checks;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What must hold before addresses are denied, and whom it hits. */
final class AclPreflight {
    /** Of one direction and family, with the last entry. */
    static final int QUOTA = 20;

    /** AWS raises the quota to this. */
    static final int MOST = 40;

    /** Shorter prefixes are no indicator, but a part of the internet. */
    private static final int SHORTEST_IPV4 = 8;

    private static final int SHORTEST_IPV6 = 20;

    /** What never passes a network ACL, or passes all of them. */
    private static final List<AddressBlock> UNSEEN =
            List.of(
                    AddressBlock.parse("127.0.0.0/8"),
                    AddressBlock.parse("169.254.0.0/16"),
                    AddressBlock.parse("224.0.0.0/4"),
                    AddressBlock.parse("::1/128"),
                    AddressBlock.parse("fe80::/10"),
                    AddressBlock.parse("ff00::/8"));

    private AclPreflight() {}

    static List<PreflightCheck> checks(AclSurvey survey, ActionTarget target) {
        List<PreflightCheck> checks = new ArrayList<>();
        checks.add(owned(survey.acl(), target));
        checks.add(Checks.unprotected(survey.acl().id(), survey.acl().tags()));
        checks.add(narrow(survey.block()));
        checks.add(needed(survey));
        checks.add(foreign(survey));
        checks.add(notDenied(survey));
        checks.add(room(survey));
        checks.add(quota(survey));
        checks.add(
                survey.reached()
                        .check(
                                "what is behind the network ACL",
                                "in " + String.join(", ", survey.acl().subnetIds())));
        return List.copyOf(checks);
    }

    /** Directions that need an entry. */
    static List<Boolean> open(AclSurvey survey) {
        return List.of(false, true).stream()
                .filter(egress -> !survey.acl().denies(egress, survey.block()))
                .toList();
    }

    private static PreflightCheck owned(LiveAcl acl, ActionTarget target) {
        String label = "the account owns the network ACL";
        return acl.ownerId().equals(target.getScope().getAccountId())
                ? Checks.passed(label, acl.vpcId())
                : Checks.refused(
                        label,
                        "%s is of account %s, which shares its subnets"
                                .formatted(acl.id(), acl.ownerId()),
                        "only that account changes it: send it as target.scope.account_id");
    }

    private static PreflightCheck narrow(AddressBlock block) {
        String label = "it is a narrow block that a network ACL sees";
        int shortest = block.isIpv6() ? SHORTEST_IPV6 : SHORTEST_IPV4;
        if (block.prefix() < shortest) {
            return Checks.refused(
                    label,
                    block + " is a large part of the internet, or all of it",
                    "block single addresses, or prefixes of /%d and longer".formatted(shortest));
        }
        return UNSEEN.stream().anyMatch(each -> each.overlaps(block))
                ? Checks.refused(
                        label,
                        block + " has addresses that no packet through a network ACL has",
                        "act on the host: isolate_host")
                : Checks.passed(label, block.toString());
    }

    private static PreflightCheck needed(AclSurvey survey) {
        String label = "the platform is not reached there";
        List<AclSurvey.Needed> hit =
                survey.needed().stream()
                        .filter(each -> each.addresses().overlaps(survey.block()))
                        .toList();
        return hit.isEmpty()
                ? Checks.passed(
                        label,
                        "of the gateway and the endpoints of Systems Manager in the VPC, "
                                + survey.needed().size()
                                + " addresses")
                : Checks.refused(
                        label,
                        hit.stream()
                                        .map(AclSurvey.Needed::toString)
                                        .collect(Collectors.joining(", "))
                                + " is in it: no command would reach the hosts any more",
                        "block narrower addresses");
    }

    private static PreflightCheck foreign(AclSurvey survey) {
        String label = "the VPC itself does not have the addresses";
        List<AddressBlock> hit =
                survey.own().stream().filter(each -> each.overlaps(survey.block())).toList();
        if (hit.isEmpty()) {
            return Checks.passed(
                    label,
                    survey.own().stream()
                            .map(AddressBlock::toString)
                            .collect(Collectors.joining(", ")));
        }
        return hit.stream().anyMatch(each -> survey.block().contains(each))
                ? Checks.refused(
                        label,
                        survey.block() + " has all of " + hit.getFirst(),
                        "block narrower addresses: this would cut the subnets off each other")
                : Checks.refused(
                        label,
                        survey.block() + " is in " + hit.getFirst() + ": hosts of its own",
                        "isolate_instance is for one of them",
                        Guards.OWN_NETWORK);
    }

    private static PreflightCheck notDenied(AclSurvey survey) {
        String label = "it is not denied already";
        return open(survey).isEmpty()
                ? Checks.warning(
                        label,
                        "%s lets nothing from or to %s pass: nothing is changed"
                                .formatted(survey.acl().id(), survey.block()),
                        "undo leaves it so")
                : Checks.passed(label, "");
    }

    private static PreflightCheck room(AclSurvey survey) {
        String label = "a number is free before what allows it";
        return open(survey).stream()
                .filter(egress -> survey.acl().freeNumber(egress, survey.block()).isEmpty())
                .findFirst()
                .map(egress ->
                        Checks.refused(
                                label,
                                "no number is free below %s"
                                        .formatted(
                                                survey.acl()
                                                        .firstAllow(egress, survey.block())
                                                        .map(LiveAcl.Entry::toString)
                                                        .orElse("the last entry")),
                                "give the entries of the network ACL higher numbers"))
                .orElseGet(() -> Checks.passed(label, ""));
    }

    private static PreflightCheck quota(AclSurvey survey) {
        String label = "the network ACL has room";
        long most =
                open(survey).stream()
                        .mapToLong(egress -> survey.acl().count(egress, survey.block().isIpv6()))
                        .max()
                        .orElse(0);
        String detail = "%d entries of a direction and family, with the last".formatted(most);
        String remedy =
                "take entries out of it, or have the quota of rules per network ACL raised (20 by"
                        + " default, 40 at most)";
        if (most >= MOST) {
            return Checks.refused(label, detail + ": AWS allows no more", remedy);
        }
        if (most > QUOTA) {
            return Checks.warning(
                    label,
                    detail + ": the quota was raised, nobody says to what",
                    "if it is full, the action fails and says so; then " + remedy);
        }
        return most == QUOTA
                ? Checks.refused(
                        label,
                        detail + ": full, unless the quota was raised",
                        remedy,
                        Guards.DEFAULT_QUOTA)
                : Checks.passed(label, detail);
    }
}
