package dev.yagura.inventory.reconcile;

import dev.yagura.inventory.Enrolling;
import dev.yagura.inventory.InventoryService;
import dev.yagura.inventory.TestClock;
import dev.yagura.inventory.asset.AssetSet;
import dev.yagura.proto.type.v1.Scope;
import dev.yagura.sandbox.control.SandboxClient;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * An account of a sandbox, as its seed says and unknown to the inventory at the start of each test.
 * Its sources have the time of {@link TestClock}.
 */
final class SandboxAccount
        implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback {
    static final String ACCOUNT = "111122223333";
    static final Scope SCOPE = Enrolling.scope(ACCOUNT);
    static final String INSTANCE = "AWS::EC2::Instance";

    private final InventoryService service;
    private @Nullable SandboxCloud cloud;
    private @Nullable CloudSources sources;
    private @Nullable SsmNodeSource nodes;

    SandboxAccount(InventoryService service) {
        this.service = service;
    }

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        cloud = new SandboxCloud();
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        service.clear();
        // The reset forgets the sessions that a source has.
        control().reset();
        sources = new CloudSources(cloud(), TestClock.CLOCK);
        nodes = cloud().nodes();
    }

    @Override
    public void afterEach(ExtensionContext context) {
        sources().close();
        nodes().close();
    }

    @Override
    public void afterAll(ExtensionContext context) throws Exception {
        cloud().close();
    }

    SandboxCloud cloud() {
        return Objects.requireNonNull(cloud);
    }

    SandboxClient control() {
        return cloud().control();
    }

    CloudSources sources() {
        return Objects.requireNonNull(sources);
    }

    SsmNodeSource nodes() {
        return Objects.requireNonNull(nodes);
    }

    /** Now, by this machine and its database. */
    static void setClock() {
        TestClock.CLOCK.set(Instant.now().truncatedTo(ChronoUnit.MICROS));
    }

    /** Later than anything that the sandbox, which has this machine's time, calls now. */
    static void setClockAhead() {
        Instant now = Instant.now();
        Instant before = TestClock.CLOCK.instant();
        TestClock.CLOCK.set(
                (now.isAfter(before) ? now : before)
                        .plusSeconds(10)
                        .truncatedTo(ChronoUnit.MICROS));
    }

    /** Everything may be read again. */
    void makeDue() {
        service.postgres().execute("UPDATE scope_reading SET due_time = clock_timestamp()");
        TestClock.CLOCK.advance(Duration.ofMillis(10));
    }

    ScopeReader.Outcome read(String resourceType) {
        return read(resourceType, sources().of(resourceType));
    }

    ScopeReader.Outcome read(String resourceType, AssetSource source) {
        return new ScopeReader(
                        type -> source,
                        service.bean(Readings.class),
                        Duration.ofMillis(1),
                        TestClock.CLOCK)
                .read(new AssetSet(SCOPE, resourceType));
    }

    /** What Systems Manager knows of the instances. */
    void readNodes() {
        new NodeReader(nodes(), service.bean(NodeStore.class), TestClock.CLOCK).read(SCOPE);
    }
}
