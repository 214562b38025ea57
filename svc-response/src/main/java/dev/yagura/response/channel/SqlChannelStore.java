package dev.yagura.response.channel;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.yagura.common.persistence.Transactions;
import dev.yagura.proto.response.v1.AgentCommandResult;
import dev.yagura.proto.response.v1.SignedCommand;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** In PostgreSQL; each statement is a transaction of its own. */
@ApplicationScoped
class SqlChannelStore implements ChannelStore {
    private static final String OPEN =
            """
            INSERT INTO agent_channel (agent_id, stream_id, replica_id, host_id, version, boot_id,
                root, gateway_address, documents, opened_at, beat_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, '', ?, now(), now())
            ON CONFLICT (agent_id) DO UPDATE
            SET stream_id = excluded.stream_id, replica_id = excluded.replica_id,
                host_id = excluded.host_id, version = excluded.version,
                boot_id = excluded.boot_id, root = excluded.root, gateway_address = '',
                documents = excluded.documents, opened_at = now(), beat_at = now()
            """;

    private static final String BEAT =
            """
            UPDATE agent_channel c SET beat_at = now(), gateway_address = b.address
            FROM unnest(?, ?, ?) AS b (agent_id, stream_id, address)
            WHERE c.agent_id = b.agent_id AND c.stream_id = b.stream_id
            RETURNING c.agent_id, c.stream_id
            """;

    private static final String CLOSE =
            "DELETE FROM agent_channel WHERE agent_id = ? AND stream_id = ?";

    private static final String CHANNELS =
            """
            SELECT c.agent_id, c.version, c.root, c.gateway_address, c.documents,
                extract(epoch FROM now() - c.beat_at) AS heard,
                (SELECT count(*) FROM agent_command w
                    WHERE w.agent_id = c.agent_id AND w.state = 'QUEUED' AND w.expires_at > now())
                    AS waiting
            FROM agent_channel c WHERE
            """;

    private static final String ORDER =
            """
            INSERT INTO agent_command (run_id, agent_id, state, command, expires_at, created_at)
            VALUES (?, ?, 'QUEUED', ?, ?, now()) ON CONFLICT (run_id) DO NOTHING
            """;

    private static final String FIND =
            """
            SELECT agent_id, state, result, extract(epoch FROM now() - created_at) AS age
            FROM agent_command WHERE run_id = ?
            """;

    private static final String WITHDRAW =
            """
            UPDATE agent_command SET state = 'WITHDRAWN', command = NULL
            WHERE run_id = ? AND state = 'QUEUED'
            """;

    private static final String DUE =
            """
            SELECT w.agent_id, w.run_id, w.command
            FROM agent_command w JOIN agent_channel c ON c.agent_id = w.agent_id
            WHERE w.state = 'QUEUED' AND w.expires_at > now() AND c.replica_id = ?
            ORDER BY w.created_at LIMIT ?
            """;

    private static final String TAKEN =
            """
            UPDATE agent_command SET state = 'TAKEN', taken_at = now(), command = NULL
            WHERE run_id = ? AND agent_id = ? AND state = 'QUEUED'
            """;

    /** One that was withdrawn stays so: whoever took it back has gone on already. */
    private static final String ENDED =
            """
            UPDATE agent_command
            SET state = CASE WHEN state = 'WITHDRAWN' THEN state ELSE 'ENDED' END,
                result = coalesce(result, ?), command = NULL, ended_at = coalesce(ended_at, now())
            WHERE run_id = ? AND agent_id = ?
            """;

    private static final String FORGET_COMMANDS =
            "DELETE FROM agent_command WHERE created_at < now() - ? * interval '1 second'";

    private static final String FORGET_CHANNELS =
            "DELETE FROM agent_channel WHERE beat_at < now() - ? * interval '1 second'";

    private final Transactions transactions;

    @Inject
    SqlChannelStore(Transactions transactions) {
        this.transactions = transactions;
    }

    @Override
    public void open(Opened opened) {
        update(
                OPEN,
                opened.stream().agentId(),
                opened.stream().streamId(),
                opened.replicaId(),
                opened.hostId(),
                opened.version(),
                opened.bootId(),
                opened.root(),
                opened.documents());
    }

    @Override
    public Set<Stream> beat(Collection<Beat> beats) {
        return transactions.query(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(BEAT)) {
                List<Beat> list = List.copyOf(beats);
                statement.setArray(
                        1,
                        connection.createArrayOf(
                                "uuid",
                                list.stream().map(each -> each.stream().agentId()).toArray()));
                statement.setArray(
                        2,
                        connection.createArrayOf(
                                "uuid",
                                list.stream().map(each -> each.stream().streamId()).toArray()));
                statement.setArray(
                        3,
                        connection.createArrayOf(
                                "text", list.stream().map(Beat::gatewayAddress).toArray()));
                Set<Stream> known = new HashSet<>();
                ResultSet rows = statement.executeQuery();
                while (rows.next()) {
                    known.add(new Stream(uuid(rows, 1), uuid(rows, 2)));
                }
                return known;
            }
        });
    }

    @Override
    public void close(Stream stream) {
        update(CLOSE, stream.agentId(), stream.streamId());
    }

    @Override
    public List<AgentChannel> ofHost(UUID hostId) {
        return channels("c.host_id = ? ORDER BY c.beat_at DESC", hostId);
    }

    @Override
    public Optional<AgentChannel> ofAgent(UUID agentId) {
        return channels("c.agent_id = ?", agentId).stream().findFirst();
    }

    private List<AgentChannel> channels(String condition, UUID id) {
        return select(
                CHANNELS + condition,
                rows ->
                        new AgentChannel(
                                uuid(rows, 1),
                                rows.getString(2),
                                rows.getBoolean(3),
                                rows.getString(4),
                                documents(rows.getString(5)),
                                seconds(rows, 6),
                                rows.getInt(7)),
                id);
    }

    private static Map<String, String> documents(String lines) {
        return lines.lines()
                .map(line -> line.split(" ", 2))
                .filter(words -> words.length == 2)
                .collect(
                        Collectors.toMap(
                                words -> words[0], words -> words[1], (first, second) -> second));
    }

    @Override
    public void order(UUID agentId, String runId, SignedCommand command, Instant expireTime) {
        update(ORDER, runId, agentId, command.toByteArray(), Timestamp.from(expireTime));
    }

    @Override
    public Optional<OrderedCommand> find(String runId) {
        return select(
                        FIND,
                        rows ->
                                new OrderedCommand(
                                        runId,
                                        uuid(rows, 1),
                                        OrderedCommand.State.valueOf(rows.getString(2)),
                                        result(rows.getBytes(3)),
                                        seconds(rows, 4)),
                        runId)
                .stream()
                .findFirst();
    }

    @Override
    public void withdraw(String runId) {
        update(WITHDRAW, runId);
    }

    @Override
    public List<Due> due(UUID replicaId, int most) {
        return select(
                DUE,
                rows -> new Due(uuid(rows, 1), rows.getString(2), command(rows.getBytes(3))),
                replicaId,
                most);
    }

    @Override
    public void taken(UUID agentId, String runId) {
        update(TAKEN, runId, agentId);
    }

    @Override
    public boolean ended(UUID agentId, AgentCommandResult result) {
        return update(ENDED, result.toByteArray(), result.getRunId(), agentId) == 1;
    }

    @Override
    public void forget(Duration commands, Duration channels) {
        update(FORGET_COMMANDS, commands.toSeconds());
        update(FORGET_CHANNELS, channels.toSeconds());
    }

    private static Optional<AgentCommandResult> result(byte @Nullable [] bytes)
            throws SQLException {
        try {
            return bytes == null
                    ? Optional.empty()
                    : Optional.of(AgentCommandResult.parseFrom(bytes));
        } catch (InvalidProtocolBufferException e) {
            throw new SQLException("a result of an agent is not readable", e);
        }
    }

    private static SignedCommand command(byte[] bytes) throws SQLException {
        try {
            return SignedCommand.parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            throw new SQLException("a command to an agent is not readable", e);
        }
    }

    private static UUID uuid(ResultSet rows, int column) throws SQLException {
        return rows.getObject(column, UUID.class);
    }

    private static Duration seconds(ResultSet rows, int column) throws SQLException {
        return Duration.ofMillis((long) (rows.getDouble(column) * 1000));
    }

    private interface Row<T> {
        T of(ResultSet rows) throws SQLException;
    }

    private <T> List<T> select(String sql, Row<T> row, Object... values) {
        return transactions.query(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                set(statement, values);
                List<T> found = new ArrayList<>();
                ResultSet rows = statement.executeQuery();
                while (rows.next()) {
                    found.add(row.of(rows));
                }
                return found;
            }
        });
    }

    private int update(String sql, Object... values) {
        return transactions.query(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                set(statement, values);
                return statement.executeUpdate();
            }
        });
    }

    private static void set(PreparedStatement statement, Object... values) throws SQLException {
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
    }
}
