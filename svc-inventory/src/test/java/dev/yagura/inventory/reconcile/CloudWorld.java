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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import software.amazon.awssdk.services.config.ConfigClient;
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
    private final Map<Scope, Ec2Client> ec2 = new LinkedHashMap<>();
    private final Map<Scope, ConfigClient> config = new LinkedHashMap<>();
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
    }

    private static Optional<String> role(Scope scope) {
        return Optional.of("OrganizationAccountAccessRole")
                .filter(role -> !scope.getAccountId().equals(MANAGEMENT));
    }

    /** Back to the seed, with its time standing still; sessions that were open are nobody's. */
    void reset() {
        cloud.control().reset();
        closeClients();
        for (Scope scope : SCOPES) {
            var clients = cloud.operator(role(scope));
            ec2.put(scope, clients.client(Ec2Client.builder(), scope));
            config.put(scope, clients.client(ConfigClient.builder(), scope));
        }
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

    Ec2Client ec2(Scope scope) {
        return Objects.requireNonNull(ec2.get(scope));
    }

    ConfigClient config(Scope scope) {
        return Objects.requireNonNull(config.get(scope));
    }

    /** Where roles of an account are read. */
    static Scope home(Scope scope) {
        return Scopes.of("aws", scope.getAccountId(), REGIONS.getFirst());
    }

    private void closeClients() {
        ec2.values().forEach(Ec2Client::close);
        config.values().forEach(ConfigClient::close);
    }

    @Override
    public void close() throws Exception {
        // Other tests' time must not go back.
        Instant after = TestClock.CLOCK.instant();
        TestClock.CLOCK.set(after.isAfter(clockBefore) ? after : clockBefore);
        closeClients();
        cloud.close();
    }
}
