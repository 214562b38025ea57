package dev.yagura.sandbox.net;

/**
 * An IP protocol number, or every protocol (-1), as security groups and network ACLs write them.
 */
public record IpProtocol(int number) {
    public static final IpProtocol ALL = new IpProtocol(-1);
    public static final IpProtocol ICMP = new IpProtocol(1);
    public static final IpProtocol TCP = new IpProtocol(6);
    public static final IpProtocol UDP = new IpProtocol(17);
    public static final IpProtocol ICMPV6 = new IpProtocol(58);

    public IpProtocol {
        if (number < -1 || number > 255) {
            throw new IllegalArgumentException("not a protocol number: " + number);
        }
    }

    /**
     * Reads a name that AWS accepts (tcp, udp, icmp, icmpv6) or a number, -1 for all.
     *
     * @throws IllegalArgumentException if it is neither
     */
    public static IpProtocol parse(String text) {
        return switch (text) {
            case "tcp" -> TCP;
            case "udp" -> UDP;
            case "icmp" -> ICMP;
            case "icmpv6" -> ICMPV6;
            default -> new IpProtocol(Integer.parseInt(text));
        };
    }

    /** Whether its packets have ports. */
    public boolean hasPorts() {
        return equals(TCP) || equals(UDP);
    }

    public boolean covers(IpProtocol other) {
        return equals(ALL) || equals(other);
    }

    /** The form of DescribeSecurityGroups: a name where there is one, else the number. */
    @Override
    public String toString() {
        return switch (number) {
            case 1 -> "icmp";
            case 6 -> "tcp";
            case 17 -> "udp";
            case 58 -> "icmpv6";
            default -> Integer.toString(number);
        };
    }
}
