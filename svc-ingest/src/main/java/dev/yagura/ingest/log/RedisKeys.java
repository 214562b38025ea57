package dev.yagura.ingest.log;

import static java.nio.charset.StandardCharsets.UTF_8;

/** Names in Redis. Keys of a partition carry its number as hash tag: one slot of a cluster. */
public final class RedisKeys {
    static final byte[] META = "log:meta".getBytes(UTF_8);

    private RedisKeys() {}

    /** Hash: incarnation, first and last offset, generation of ledger counters. */
    static byte[] head(int partition) {
        return bytes("head:{" + partition + "}");
    }

    /** Stream: id "{offset}-0", field "e" is the entry. */
    static byte[] stream(int partition) {
        return bytes("log:{" + partition + "}");
    }

    /** Hash: agent, mark (last sequence used up), epoch (of the newest stream). */
    static byte[] spool(int partition, String spoolId) {
        return bytes("spool:{" + partition + "}:" + spoolId);
    }

    /** Hash: identity, and for each hour "{hour}:g" and so on; see append.lua. */
    public static byte[] ledger(int partition, String agentId) {
        return bytes("ledger:{" + partition + "}:" + agentId);
    }

    /** Sorted set of "{inverted hour}|{agent}|{account}", newest hour first. */
    public static byte[] ledgerIndex(int partition) {
        return bytes("ledgers:{" + partition + "}");
    }

    /** Like {@link #ledgerIndex}, of hours with loss. */
    public static byte[] lossIndex(int partition) {
        return bytes("losses:{" + partition + "}");
    }

    static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
