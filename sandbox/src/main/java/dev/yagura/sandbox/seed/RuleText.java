package dev.yagura.sandbox.seed;

import dev.yagura.sandbox.net.Cidr;
import dev.yagura.sandbox.net.Direction;
import dev.yagura.sandbox.net.IpProtocol;
import dev.yagura.sandbox.net.PortRange;
import dev.yagura.sandbox.world.NetworkAclEntry;
import dev.yagura.sandbox.world.Peer;
import dev.yagura.sandbox.world.SecurityGroupRule;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Rules of a seed as one line each. */
final class RuleText {
    private static final Pattern GROUP_RULE =
            Pattern.compile("(in|out) (\\w+)(?: (\\d+)(?:-(\\d+))?)? (?:from|to) (\\S+)");
    private static final Pattern ACL_ENTRY =
            Pattern.compile("(\\d+) (in|out) (allow|deny) (\\w+)(?: (\\d+)(?:-(\\d+))?)? (\\S+)");

    private RuleText() {}

    /** {@code in tcp 443 from 0.0.0.0/0}, {@code out all to sg-…}, {@code out tcp 443 to pl-…}. */
    static SecurityGroupRule groupRule(String id, String groupId, String text) {
        Matcher matcher = matched(GROUP_RULE, text);
        return new SecurityGroupRule(
                id,
                groupId,
                direction(matcher.group(1)),
                protocol(matcher.group(2)),
                ports(matcher.group(3), matcher.group(4)),
                peer(matcher.group(5)),
                null);
    }

    /** {@code 100 in allow all 0.0.0.0/0}, {@code 90 out deny tcp 443 203.0.113.66/32}. */
    static NetworkAclEntry aclEntry(String text) {
        Matcher matcher = matched(ACL_ENTRY, text);
        return new NetworkAclEntry(
                Integer.parseInt(matcher.group(1)),
                direction(matcher.group(2)),
                protocol(matcher.group(4)),
                ports(matcher.group(5), matcher.group(6)),
                Cidr.parse(matcher.group(7)),
                matcher.group(3).equals("allow"));
    }

    private static Matcher matched(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not a rule of a seed: " + text);
        }
        return matcher;
    }

    private static Direction direction(String text) {
        return Direction.ofEgress(text.equals("out"));
    }

    private static IpProtocol protocol(String text) {
        return text.equals("all") ? IpProtocol.ALL : IpProtocol.parse(text);
    }

    private static PortRange ports(@Nullable String from, @Nullable String to) {
        if (from == null) {
            return PortRange.ALL;
        }
        return new PortRange(Integer.parseInt(from), Integer.parseInt(to == null ? from : to));
    }

    private static Peer peer(String text) {
        if (text.startsWith("sg-")) {
            return new Peer.Members(text);
        }
        return text.startsWith("pl-") ? new Peer.Listed(text) : new Peer.Block(Cidr.parse(text));
    }
}
