package dev.yagura.sandbox.net;

/** Ports from and to, inclusive. For ICMP rules these are type and code, -1 for all. */
public record PortRange(int from, int to) {
    public static final PortRange ALL = new PortRange(0, 65535);

    public static PortRange of(int port) {
        return new PortRange(port, port);
    }

    public boolean contains(int port) {
        return from <= port && port <= to;
    }

    public boolean contains(PortRange other) {
        return from <= other.from && other.to <= to;
    }

    @Override
    public String toString() {
        return from == to ? Integer.toString(from) : from + "-" + to;
    }
}
