package dev.yagura.ingest.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.Optional;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.Response;
import redis.clients.jedis.exceptions.JedisException;

/**
 * A group of writes counts when so many replicas have it. WAIT covers what its own connection wrote
 * last, so the group ends with a write: then it covers also what an earlier connection wrote, such
 * as a batch that is now answered as a duplicate.
 *
 * @param replicas 0 on a server without any
 * @param limit how long Redis waits for them
 */
record Replication(int replicas, Duration limit) {
    private static final byte[] LAST = "log:replicated".getBytes(UTF_8);
    private static final byte[] NOTHING = new byte[0];

    /** The replicas did not have it in time; whether one has it now is not known. */
    static final class NotReplicatedException extends JedisException {
        private static final long serialVersionUID = 1L;

        NotReplicatedException(String message) {
            super(message);
        }
    }

    /** Answers to the end of a group. */
    record Asked(Response<String> written, Response<Long> reached) {}

    /** Ends a group; nothing without replicas. */
    Optional<Asked> ask(Pipeline group) {
        return replicas == 0
                ? Optional.empty()
                : Optional.of(
                        new Asked(
                                group.set(LAST, NOTHING),
                                group.waitReplicas(replicas, limit.toMillis())));
    }

    /**
     * After the group is answered.
     *
     * @throws NotReplicatedException fewer replicas than demanded have the group
     * @throws redis.clients.jedis.exceptions.JedisDataException the server refused its end, for
     *     want of memory as a rule
     */
    void check(Asked asked) {
        asked.written().get();
        long reached = asked.reached().get();
        if (reached < replicas) {
            throw new NotReplicatedException(
                    "%d of %d replicas had the batches within %d ms"
                            .formatted(reached, replicas, limit.toMillis()));
        }
    }
}
