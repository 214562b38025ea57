package dev.yagura.sandbox.world;

import dev.yagura.sandbox.net.Cidr;
import java.net.InetAddress;
import java.util.List;

/** A managed prefix list: a named set of CIDR blocks. */
public record PrefixList(String id, String name, List<Cidr> entries) implements Resource {
    public PrefixList {
        entries = List.copyOf(entries);
    }

    public boolean contains(InetAddress address) {
        return entries.stream().anyMatch(entry -> entry.contains(address));
    }
}
