package dev.yagura.response.block;

import dev.yagura.response.aws.AddressBlock;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ec2.model.NetworkAcl;
import software.amazon.awssdk.services.ec2.model.NetworkAclAssociation;
import software.amazon.awssdk.services.ec2.model.NetworkAclEntry;
import software.amazon.awssdk.services.ec2.model.RuleAction;
import software.amazon.awssdk.services.ec2.model.Tag;

/**
 * A network ACL as EC2 has it now.
 *
 * @param ownerId account of its VPC
 * @param subnetIds that it guards
 * @param entries by number, the last ones that deny the rest too
 */
record LiveAcl(
        String id,
        String vpcId,
        String ownerId,
        Map<String, String> tags,
        List<String> subnetIds,
        List<Entry> entries) {
    static final String ALL = "-1";

    /** From here on are the numbers of the last entries, which nobody can take away. */
    private static final int LAST = 32_767;

    /**
     * One entry.
     *
     * @param protocol its number; "-1" for all
     * @param ports for example "443" or "1024-65535"; empty for all
     */
    record Entry(
            int number,
            boolean egress,
            String protocol,
            String ports,
            boolean allow,
            AddressBlock addresses) {

        static Entry deny(int number, boolean egress, AddressBlock addresses) {
            return new Entry(number, egress, ALL, "", false, addresses);
        }

        boolean deniesAllOf(AddressBlock block) {
            return !allow && protocol.equals(ALL) && addresses.contains(block);
        }

        /** "1 in deny all 203.0.113.66/32". */
        @Override
        public String toString() {
            return "%d %s %s %s%s %s"
                    .formatted(
                            number,
                            egress ? "out" : "in",
                            allow ? "allow" : "deny",
                            protocol.equals(ALL) ? "all" : "protocol " + protocol,
                            ports.isEmpty() ? "" : " " + ports,
                            addresses);
        }
    }

    LiveAcl {
        subnetIds = List.copyOf(subnetIds);
        entries = entries.stream().sorted(Comparator.comparingInt(Entry::number)).toList();
    }

    static LiveAcl of(NetworkAcl acl) {
        return new LiveAcl(
                acl.networkAclId(),
                acl.vpcId(),
                acl.ownerId(),
                acl.tags().stream().collect(Collectors.toMap(Tag::key, Tag::value)),
                acl.associations().stream().map(NetworkAclAssociation::subnetId).sorted().toList(),
                acl.entries().stream().map(LiveAcl::entry).toList());
    }

    Optional<Entry> entry(boolean egress, int number) {
        return direction(egress).filter(each -> each.number() == number).findFirst();
    }

    /** Whether no packet from, or to, any of the addresses passes. */
    boolean denies(boolean egress, AddressBlock block) {
        return direction(egress)
                .filter(each ->
                        each.deniesAllOf(block)
                                || (each.allow() && each.addresses().overlaps(block)))
                .findFirst()
                .map(first -> !first.allow())
                .orElse(true);
    }

    /** What lets some of it pass. */
    Optional<Entry> firstAllow(boolean egress, AddressBlock block) {
        return direction(egress)
                .filter(each -> each.allow() && each.addresses().overlaps(block))
                .findFirst();
    }

    /** The lowest number that no entry has, if it is below all that lets some of it pass. */
    OptionalInt freeNumber(boolean egress, AddressBlock block) {
        Set<Integer> taken =
                direction(egress).map(Entry::number).collect(Collectors.toUnmodifiableSet());
        int end = firstAllow(egress, block).map(Entry::number).orElse(LAST);
        return IntStream.range(1, end).filter(number -> !taken.contains(number)).findFirst();
    }

    /** As the quota counts: each direction and family apart, with the last entry. */
    long count(boolean egress, boolean ipv6) {
        return direction(egress).filter(each -> each.addresses().isIpv6() == ipv6).count();
    }

    private Stream<Entry> direction(boolean egress) {
        return entries.stream().filter(each -> each.egress() == egress);
    }

    private static Entry entry(NetworkAclEntry entry) {
        @Nullable String ipv4 = entry.cidrBlock();
        return new Entry(
                entry.ruleNumber(),
                Boolean.TRUE.equals(entry.egress()),
                entry.protocol(),
                ports(entry),
                entry.ruleAction() == RuleAction.ALLOW,
                AddressBlock.parse(ipv4 == null ? entry.ipv6CidrBlock() : ipv4));
    }

    private static String ports(NetworkAclEntry entry) {
        if (entry.portRange() == null || entry.portRange().from() == null) {
            return "";
        }
        int from = entry.portRange().from();
        int to = entry.portRange().to();
        return from == to ? String.valueOf(from) : from + "-" + to;
    }
}
