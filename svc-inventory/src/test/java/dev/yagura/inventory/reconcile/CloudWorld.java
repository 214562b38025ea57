package dev.yagura.inventory.reconcile;

import dev.yagura.inventory.TestClock;
import dev.yagura.inventory.access.Scopes;
import dev.yagura.proto.type.v1.Scope;
import dev.yagura.sandbox.control.SandboxClient;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import software.amazon.awssdk.services.ec2.Ec2Client;

/**
 * Three accounts in three regions, as whoever may do everything in them. Its time is that of this
 * machine at each {@link #tick}, and stands still between them: what is captured, read and found
 * gone is told apart by it.
 */
final class CloudWorld implements AutoCloseable {
    static final String MANAGEMENT = "111122223333";
    static final List<String> ACCOUNTS = List.of(MANAGEMENT, "222233334444", "333344445555");
    static final List<String> REGIONS = List.of("ap-northeast-1", "eu-west-1", "us-east-1");
    static final List<Scope> SCOPES =
            ACCOUNTS.stream()
                    .flatMap(account ->
                            REGIONS.stream().map(region -> Scopes.of("aws", account, region)))
                    .toList();

    private static final String ORGANIZATION =
            """

            organization:
              regions: [eu-west-1, us-east-1]
              instances: 2
              accounts:
                - {id: "222233334444", name: shop}
                - {id: "333344445555", name: laboratory}
            """;

    /** Longer than starts, stops and detachments take here. */
    private static final Duration STEP = Duration.ofMillis(2);

    private final SandboxCloud cloud;
    private WorldClients clients;
    private final Instant clockBefore = TestClock.CLOCK.instant();
    private Instant now = Instant.EPOCH;

    CloudWorld() throws Exception {
        cloud =
                new SandboxCloud(
                        0,
                        seed ->
                                seed.replaceAll(
                                                "(start|stop|terminate|snapshot|volumeChange): PT\\S+",
                                                "$1: PT0.001S")
                                        + ORGANIZATION);
        clients = new WorldClients(cloud);
    }

    /** Back to the seed, with its time standing still; sessions that were open are nobody's. */
    void reset() {
        cloud.control().reset();
        clients.close();
        clients = new WorldClients(cloud);
        cloud.control().freezeClock();
        now = cloud.control().advance(Duration.ZERO);
        tick();
    }

    /** Time goes on: whatever was starting, stopping or detaching is done. */
    void tick() {
        Instant next = now.plus(STEP);
        Instant wall = Instant.now();
        next = wall.isAfter(next) ? wall : next;
        now = cloud.control().advance(Duration.between(now, next));
        TestClock.CLOCK.set(now);
    }

    /** So much more time. */
    void pass(Duration duration) {
        now = cloud.control().advance(duration);
        TestClock.CLOCK.set(now);
    }

    /** The time of the world. */
    Clock clock() {
        return new Clock() {
            @Override
            public Instant instant() {
                return now;
            }

            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }
        };
    }

    SandboxCloud cloud() {
        return cloud;
    }

    SandboxClient at(Scope scope) {
        return cloud.control().at(scope.getAccountId(), scope.getRegion());
    }

    WorldClients clients() {
        return clients;
    }

    Ec2Client ec2(Scope scope) {
        return clients.ec2(scope);
    }

    /** Where roles of an account are read. */
    static Scope home(Scope scope) {
        return Scopes.of("aws", scope.getAccountId(), REGIONS.getFirst());
    }

    @Override
    public void close() throws Exception {
        // Other tests' time must not go back.
        Instant after = TestClock.CLOCK.instant();
        TestClock.CLOCK.set(after.isAfter(clockBefore) ? after : clockBefore);
        clients.close();
        cloud.close();
    }
}
