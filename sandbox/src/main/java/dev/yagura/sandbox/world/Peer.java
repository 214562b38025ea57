package dev.yagura.sandbox.world;

import dev.yagura.sandbox.net.Cidr;

/** The far end that a security group rule names. */
public sealed interface Peer {
    /** Addresses of an IPv4 or IPv6 block. */
    record Block(Cidr cidr) implements Peer {
        @Override
        public String toString() {
            return cidr.toString();
        }
    }

    /** Addresses of a managed prefix list. */
    record Listed(String prefixListId) implements Peer {
        @Override
        public String toString() {
            return prefixListId;
        }
    }

    /** Private addresses of the interfaces that are in the group at that moment. */
    record Members(String groupId) implements Peer {
        @Override
        public String toString() {
            return groupId;
        }
    }
}
