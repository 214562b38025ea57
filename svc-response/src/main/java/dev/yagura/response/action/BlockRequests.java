package dev.yagura.response.action;

import dev.yagura.common.error.InvalidFieldException;
import dev.yagura.proto.response.v1.BlockTarget;
import java.math.BigInteger;
import java.net.InetAddress;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What the target of block_indicator must look like. */
final class BlockRequests {
    private static final String CIDR = "cidr";
    private static final String DOMAIN = "domain";
    private static final Pattern ACL_ID = Pattern.compile("acl-[0-9a-f]{8,17}");
    private static final Pattern RULE_ID = Pattern.compile("sgr-[0-9a-f]{8,17}");
    private static final Pattern VPC_ID = Pattern.compile("vpc-[0-9a-f]{8,17}");

    /** Two labels at least: nobody blocks all names that end with "com". */
    private static final Pattern DOMAIN_NAME =
            Pattern.compile(
                    "(\\*\\.)?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])");

    private static final int LONGEST_DOMAIN = 253;

    private BlockRequests() {}

    static void check(BlockTarget block) {
        boolean byAcl = !block.getNetworkAclId().isEmpty();
        boolean byRule = !block.getSecurityGroupRuleId().isEmpty();
        boolean byVpc = !block.getVpcId().isEmpty();
        if (Stream.of(byAcl, byRule, byVpc).filter(named -> named).count() != 1) {
            throw new InvalidFieldException(
                    "target.block",
                    "names no place, or several",
                    "send network_acl_id and cidr, or security_group_rule_id, or vpc_id and"
                            + " domain");
        }
        requireFor(byAcl, CIDR, block.getCidr(), "network_acl_id");
        requireFor(byVpc, DOMAIN, block.getDomain(), "vpc_id");
        if (byAcl) {
            requireId(ACL_ID, "network_acl_id", block.getNetworkAclId());
            checkCidr(block.getCidr());
        }
        if (byRule) {
            requireId(RULE_ID, "security_group_rule_id", block.getSecurityGroupRuleId());
        }
        if (byVpc) {
            requireId(VPC_ID, "vpc_id", block.getVpcId());
            require(
                    DOMAIN_NAME.matcher(block.getDomain()).matches()
                            && block.getDomain().length() <= LONGEST_DOMAIN,
                    DOMAIN,
                    "is no domain with two labels or more",
                    "send one like example.com or *.example.com, lower case, without a dot at the"
                            + " end; names in other scripts as xn--…");
        }
    }

    /** Equal for the same addresses, rule or domain at the same place, however it is written. */
    static String subject(BlockTarget block) {
        if (!block.getNetworkAclId().isEmpty()) {
            return block.getNetworkAclId() + " " + Block.parse(block.getCidr());
        }
        return block.getVpcId().isEmpty()
                ? block.getSecurityGroupRuleId()
                : block.getVpcId() + " " + block.getDomain();
    }

    /** An address and a length of its prefix. */
    private record Block(InetAddress address, int prefix) {
        static Block parse(String text) {
            int slash = text.indexOf('/');
            InetAddress address =
                    InetAddress.ofLiteral(slash < 0 ? text : text.substring(0, slash));
            int bits = address.getAddress().length * Byte.SIZE;
            int prefix = slash < 0 ? bits : Integer.parseInt(text.substring(slash + 1));
            if (prefix < 0 || prefix > bits) {
                throw new IllegalArgumentException("no such prefix length: " + text);
            }
            return new Block(address, prefix);
        }

        boolean hasHostBits() {
            BigInteger value = new BigInteger(1, address.getAddress());
            int free = address.getAddress().length * Byte.SIZE - prefix;
            return value.signum() != 0 && value.getLowestSetBit() < free;
        }

        @Override
        public String toString() {
            return address.getHostAddress() + "/" + prefix;
        }
    }

    private static void checkCidr(String text) {
        try {
            require(
                    !Block.parse(text).hasHostBits(),
                    CIDR,
                    "has bits beyond its prefix",
                    "send the first address of the block, like 203.0.113.0/24, or one address");
        } catch (IllegalArgumentException e) {
            throw new InvalidFieldException(
                    "target.block." + CIDR,
                    "is no block of addresses",
                    "send one like 203.0.113.0/24, 203.0.113.66 or 2001:db8::/48");
        }
    }

    private static void requireId(Pattern pattern, String field, String id) {
        require(
                pattern.matcher(id).matches(),
                field,
                "is no id of it",
                "send it as EC2 shows it: " + pattern.pattern().substring(0, 4) + "…");
    }

    private static void requireFor(boolean wanted, String field, String value, String owner) {
        require(
                wanted != value.isEmpty(),
                field,
                wanted ? "is not set" : "is set",
                "send it with " + owner + ", and with nothing else");
    }

    private static void require(boolean holds, String field, String problem, String remedy) {
        if (!holds) {
            throw new InvalidFieldException("target.block." + field, problem, remedy);
        }
    }
}
