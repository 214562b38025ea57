package dev.yagura.ingest.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yagura.common.error.InvalidFieldException;
import dev.yagura.common.error.PositionLostException;
import dev.yagura.ingest.TestBatches;
import dev.yagura.ingest.log.Append;
import dev.yagura.ingest.log.Bounds;
import dev.yagura.ingest.log.OpenOutcome;
import dev.yagura.ingest.log.TestLog;
import dev.yagura.proto.type.v1.AgentIdentity;
import dev.yagura.testkit.PostgresFixture;
import dev.yagura.testkit.RedisFixture;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Trimming behind consumers, on real stores. */
class ConsumerPositionsTest {
    @RegisterExtension static final PostgresFixture POSTGRES = PostgresFixture.of("ingest");
    @RegisterExtension static final RedisFixture REDIS = new RedisFixture();

    private final AgentIdentity agent = TestBatches.newAgent();
    private TestLog process;
    private EventFeed feed;
    private ConsumerPositions positions;
    private LogTrimmer trimmer;
    private int partition;

    @BeforeAll
    static void migrate() {
        POSTGRES.migrate();
    }

    @BeforeEach
    void appendTen() throws Exception {
        REDIS.flush();
        POSTGRES.execute("DELETE FROM consumer_position");
        process = TestLog.open(REDIS.url(), 64);
        feed = new EventFeed(process.log(), 16);
        positions =
                new ConsumerPositions(
                        process.log(), feed, new SqlPositionStore(POSTGRES.transactions()));
        trimmer = new LogTrimmer(process.log(), positions);
        partition = process.log().partitionOf(agent.getHostId());
        OpenOutcome.Opened opened =
                (OpenOutcome.Opened)
                        process.log()
                                .open(agent, UUID.randomUUID().toString())
                                .get(60, TimeUnit.SECONDS);
        for (int sequence = 1; sequence <= 10; sequence++) {
            process.log()
                    .append(
                            Append.batch(
                                    opened.session(),
                                    sequence,
                                    new byte[100],
                                    new Append.Count(1, 1, 1, 0, "")))
                    .get(60, TimeUnit.SECONDS);
        }
    }

    @AfterEach
    void close() {
        process.close();
    }

    @Test
    void trimsNothingWithoutConsumers() {
        assertThat(trimmer.trim()).isZero();
        assertThat(bounds()).isEqualTo(new Bounds(1, 10));
    }

    @Test
    void trimsBelowTheLowestFloorOfAllConsumers() {
        positions.commit("detection", List.of(at(8)), List.of(at(5)));
        positions.commit("lake", List.of(at(7)), List.of());

        assertThat(trimmer.trim()).isEqualTo(4);
        assertThat(bounds()).isEqualTo(new Bounds(5, 10));
        positions.commit("detection", List.of(at(10)), List.of(at(11)));
        assertThat(trimmer.trim()).isEqualTo(2);
        assertThat(bounds()).isEqualTo(new Bounds(7, 10));
    }

    @Test
    void aConsumerThatCommittedElsewhereHoldsThePartition() {
        positions.commit("detection", List.of(at(8)), List.of());
        LogPosition elsewhere =
                new LogPosition((partition + 1) % 64, process.log().incarnation(), 0);
        positions.commit("lake", List.of(elsewhere), List.of());

        assertThat(trimmer.trim()).isZero();
        assertThat(bounds()).isEqualTo(new Bounds(1, 10));
    }

    @Test
    void aReaderBelowWhatIsKeptLearnsOfIt() throws Exception {
        EventFeed.Reader early = feed.from(at(0));
        positions.commit("detection", List.of(at(8)), List.of());
        trimmer.trim();

        assertThatThrownBy(() -> feed.from(at(3))).isInstanceOf(PositionLostException.class);
        assertThatThrownBy(() -> early.next(Duration.ZERO))
                .isInstanceOf(PositionLostException.class);
        assertThat(feed.from(at(7)).next(Duration.ZERO).entries()).hasSize(3);
        assertThat(feed.from(at(10)).next(Duration.ZERO).entries()).isEmpty();
    }

    @Test
    void refusesPositionsThatCannotBe() {
        assertThatThrownBy(() -> positions.commit("detection", List.of(at(11)), List.of()))
                .isInstanceOf(PositionLostException.class);
        assertThatThrownBy(() ->
                        positions.commit(
                                "detection",
                                List.of(new LogPosition(partition, "other", 1)),
                                List.of()))
                .isInstanceOf(PositionLostException.class);
        assertThatThrownBy(() -> positions.commit("detection", List.of(at(3)), List.of(at(5))))
                .isInstanceOf(InvalidFieldException.class);
        assertThatThrownBy(() -> positions.commit("", List.of(at(3)), List.of()))
                .isInstanceOf(InvalidFieldException.class);
        assertThat(positions.floors()).isEmpty();
    }

    private LogPosition at(long offset) {
        return new LogPosition(partition, process.log().incarnation(), offset);
    }

    private Bounds bounds() {
        return process.log().bounds(partition);
    }
}
