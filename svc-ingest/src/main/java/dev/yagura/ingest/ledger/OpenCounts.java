package dev.yagura.ingest.ledger;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.yagura.ingest.log.LedgerMember;
import dev.yagura.ingest.log.LogScript;
import dev.yagura.ingest.log.RedisConnections;
import dev.yagura.ingest.log.RedisEventLog;
import dev.yagura.ingest.log.RedisKeys;
import dev.yagura.proto.type.v1.Scope;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.Response;

/** Counts of open hours, as the log keeps them in Redis; see append.lua. */
@ApplicationScoped
class OpenCounts {
    private static final LogScript FORGET = LogScript.of(OpenCounts.class, "forget.lua", 3);
    private static final byte[] LAST = "+".getBytes(UTF_8);
    private static final byte[] FIRST = "-".getBytes(UTF_8);
    private static final String REASON = "r:";
    private static final int PAGE = 500;

    private final RedisEventLog log;
    private final RedisConnections connections;

    @Inject
    OpenCounts(RedisEventLog log, RedisConnections connections) {
        this.log = log;
        this.connections = connections;
    }

    /**
     * An hour's counts, where they are.
     *
     * @param changedMillis when something was counted last, milliseconds since 1970
     * @param fields of the hash
     */
    record Open(LedgerCount count, int partition, long changedMillis, Set<String> fields) {
        Open {
            fields = Set.copyOf(fields);
        }
    }

    /** The first keys of a query, in order. */
    List<LedgerCount.Key> keys(LedgerQuery query, int limit) {
        TreeSet<LedgerCount.Key> keys = new TreeSet<>();
        for (int partition = 0; partition < log.partitions(); partition++) {
            keys.addAll(keysOf(partition, query, limit));
        }
        return keys.stream().limit(limit).toList();
    }

    /** At most as many of a partition as the page holds: no other can be on it. */
    private List<LedgerCount.Key> keysOf(int partition, LedgerQuery query, int limit) {
        byte[] index =
                query.onlyLosses()
                        ? RedisKeys.lossIndex(partition)
                        : RedisKeys.ledgerIndex(partition);
        byte[] from =
                query.after()
                        .map(key -> after(LedgerMember.sortKey(key.hour(), key.agentId()) + "|~"))
                        .orElse(FIRST);
        List<LedgerCount.Key> found = new ArrayList<>();
        while (true) {
            byte[] start = from;
            List<byte[]> members =
                    connections.use(jedis -> jedis.zrangeByLex(index, start, LAST, 0, PAGE));
            for (byte[] encoded : members) {
                LedgerMember member = LedgerMember.of(new String(encoded, UTF_8));
                if (query.maySee(member.accountId())
                        && query.agentId().map(member.agentId()::equals).orElse(true)) {
                    found.add(new LedgerCount.Key(member.hour(), member.agentId()));
                }
            }
            if (members.size() < PAGE || found.size() >= limit) {
                return found;
            }
            from = after(new String(members.getLast(), UTF_8));
        }
    }

    private static byte[] after(String member) {
        return ("(" + member).getBytes(UTF_8);
    }

    /** Counts of these keys that are open. */
    List<Open> counts(Collection<LedgerCount.Key> keys) {
        Set<LedgerCount.Key> wanted = new HashSet<>(keys);
        List<Open> open = new ArrayList<>();
        Set<String> agents = new HashSet<>();
        keys.forEach(key -> agents.add(key.agentId()));
        for (String agent : agents) {
            open.addAll(countsOf(agent));
        }
        return open.stream().filter(count -> wanted.contains(count.count().key())).toList();
    }

    /** Open counts of an agent, wherever its host's partition is. */
    private List<Open> countsOf(String agentId) {
        List<Response<Map<byte[], byte[]>>> hashes = new ArrayList<>();
        return connections.use(jedis -> {
            hashes.clear();
            try (Pipeline pipeline = jedis.pipelined()) {
                for (int partition = 0; partition < log.partitions(); partition++) {
                    hashes.add(pipeline.hgetAll(RedisKeys.ledger(partition, agentId)));
                }
                pipeline.sync();
            }
            List<Open> open = new ArrayList<>();
            for (int partition = 0; partition < hashes.size(); partition++) {
                open.addAll(decode(partition, agentId, hashes.get(partition).get()));
            }
            return open;
        });
    }

    /** All open hours of a partition, oldest last, in the form of the index. */
    List<LedgerMember> members(int partition) {
        return connections
                .use(jedis -> jedis.zrangeByLex(RedisKeys.ledgerIndex(partition), FIRST, LAST))
                .stream()
                .map(encoded -> LedgerMember.of(new String(encoded, UTF_8)))
                .toList();
    }

    /** Open counts of an agent in one partition. */
    List<Open> counts(int partition, String agentId) {
        return decode(
                partition,
                agentId,
                connections.use(jedis -> jedis.hgetAll(RedisKeys.ledger(partition, agentId))));
    }

    private List<Open> decode(int partition, String agentId, Map<byte[], byte[]> hash) {
        Map<Long, Map<String, String>> hours = new HashMap<>();
        String identity = "";
        for (Map.Entry<byte[], byte[]> field : hash.entrySet()) {
            String name = new String(field.getKey(), UTF_8);
            String value = new String(field.getValue(), UTF_8);
            int colon = name.indexOf(':');
            if (colon < 0) {
                identity = value;
            } else {
                hours.computeIfAbsent(
                                Long.parseLong(name.substring(0, colon)), hour -> new HashMap<>())
                        .put(name.substring(colon + 1), value);
            }
        }
        String[] parts = identity.split("\\|", -1);
        List<Open> open = new ArrayList<>();
        hours.forEach((hour, fields) ->
                open.add(open(partition, new LedgerCount.Key(hour, agentId), parts, fields)));
        return open;
    }

    private Open open(
            int partition, LedgerCount.Key key, String[] identity, Map<String, String> fields) {
        Map<String, Long> losses = new HashMap<>();
        Set<String> names = new HashSet<>();
        fields.forEach((name, value) -> {
            names.add(key.hour() + ":" + name);
            if (name.startsWith(REASON)) {
                losses.put(name.substring(REASON.length()), Long.parseLong(value));
            }
        });
        LedgerCount count =
                new LedgerCount(
                        key,
                        log.incarnation() + "/" + partition + "/" + fields.get("g"),
                        number(fields, "n"),
                        identity[0],
                        Scope.newBuilder()
                                .setPartition(identity[1])
                                .setAccountId(identity[2])
                                .setRegion(identity[3])
                                .build(),
                        number(fields, "s"),
                        number(fields, "y"),
                        number(fields, "b"),
                        number(fields, "l"),
                        losses);
        return new Open(count, partition, number(fields, "t"), names);
    }

    private static long number(Map<String, String> fields, String name) {
        return Long.parseLong(fields.getOrDefault(name, "0"));
    }

    /** Forgets a count, unless it grew since it was read. */
    void forget(Open open) {
        LedgerCount count = open.count();
        String agentId = count.key().agentId();
        LedgerMember member =
                new LedgerMember(count.key().hour(), agentId, count.scope().getAccountId());
        List<byte[]> arguments = new ArrayList<>();
        arguments.add(RedisKeys.ledger(open.partition(), agentId));
        arguments.add(RedisKeys.ledgerIndex(open.partition()));
        arguments.add(RedisKeys.lossIndex(open.partition()));
        arguments.add(bytes(Long.toString(count.key().hour())));
        arguments.add(bytes(Long.toString(count.version())));
        arguments.add(bytes(member.encoded()));
        open.fields().forEach(field -> arguments.add(bytes(field)));
        connections.run(FORGET, arguments.toArray(byte[][]::new));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
