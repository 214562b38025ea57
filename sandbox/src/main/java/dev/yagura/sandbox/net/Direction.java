package dev.yagura.sandbox.net;

/** Seen from the network interface (security groups) or the subnet (network ACLs). */
public enum Direction {
    INBOUND,
    OUTBOUND;

    public static Direction ofEgress(boolean egress) {
        return egress ? OUTBOUND : INBOUND;
    }

    public boolean isEgress() {
        return this == OUTBOUND;
    }

    public Direction opposite() {
        return this == INBOUND ? OUTBOUND : INBOUND;
    }

    /** For sentences: "inbound", "outbound". */
    public String word() {
        return this == INBOUND ? "inbound" : "outbound";
    }
}
