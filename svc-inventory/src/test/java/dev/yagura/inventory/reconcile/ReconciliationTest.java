package dev.yagura.inventory.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.yagura.common.error.AlreadyExistsException;
import dev.yagura.common.error.InvalidFieldException;
import dev.yagura.common.error.LimitExceededException;
import dev.yagura.common.error.PermissionDeniedException;
import dev.yagura.common.identity.Principal;
import dev.yagura.common.ids.Ids;
import dev.yagura.inventory.Enrolling;
import dev.yagura.inventory.InventoryService;
import dev.yagura.inventory.TestClock;
import dev.yagura.inventory.access.Visibility;
import dev.yagura.inventory.asset.AssetSet;
import dev.yagura.inventory.asset.Observation;
import dev.yagura.inventory.asset.Reconciliations;
import dev.yagura.proto.inventory.v1.Asset;
import dev.yagura.proto.inventory.v1.AssetServiceGrpc;
import dev.yagura.proto.inventory.v1.GetReconciliationRequest;
import dev.yagura.proto.inventory.v1.ListReconciliationsRequest;
import dev.yagura.proto.inventory.v1.ReconcileAssetsRequest;
import dev.yagura.proto.inventory.v1.ReconciledSet;
import dev.yagura.proto.inventory.v1.ReconciledSetState;
import dev.yagura.proto.inventory.v1.Reconciliation;
import dev.yagura.proto.inventory.v1.ReconciliationState;
import dev.yagura.proto.inventory.v1.ReconciliationTally;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Reconciliations of the sandbox and of sources that fail, seen through the API. */
class ReconciliationTest {
    @RegisterExtension static final InventoryService SERVICE = new InventoryService();

    private static final String ACCOUNT = "111122223333";
    private static final AssetSet INSTANCES =
            new AssetSet(Enrolling.scope(ACCOUNT), "AWS::EC2::Instance");
    private static final AssetSet VOLUMES =
            new AssetSet(Enrolling.scope(ACCOUNT), "AWS::EC2::Volume");
    private static final AssetSet ELSEWHERE =
            new AssetSet(Enrolling.scope("999999999999"), "AWS::EC2::Instance");
    private static final Visibility EVERYTHING = new Visibility(Set.of());
    private static final String WEB = "i-085b07764feced695";

    /** Nothing is due by itself while a test runs. */
    private static final Duration INTERVAL = Duration.ofHours(1);

    private final Readings readings = SERVICE.bean(Readings.class);
    private final ReconciliationCatalog catalog =
            new ReconciliationCatalog(
                    SERVICE.bean(ReconciliationStore.class),
                    () -> List.of(INSTANCES, VOLUMES, ELSEWHERE),
                    new Ids(TestClock.CLOCK));

    @BeforeEach
    void startWithoutAssets() {
        SERVICE.clear();
        TestClock.CLOCK.advance(Duration.ofMillis(10));
    }

    @Test
    void readsAnewWhatIsFreshAndTellsHowFarItIs() throws Exception {
        try (SandboxCloud cloud = new SandboxCloud()) {
            Ec2InstanceSource live = cloud.source(TestClock.CLOCK);
            ConfigAssetSource recorded = cloud.recorded();
            ScopeReader reader =
                    new ScopeReader(
                            type -> type.equals(INSTANCES.resourceType()) ? live : recorded,
                            readings,
                            INTERVAL,
                            TestClock.CLOCK);
            reader.read(INSTANCES);
            reader.read(VOLUMES);
            assertThat(reader.read(INSTANCES)).isEqualTo(ScopeReader.Outcome.NOT_MINE);
            cloud.control().stop(WEB);
            long before = cloud.control().journal(0).size();
            TestClock.CLOCK.advance(Duration.ofMillis(10));

            String name = start(VOLUMES.resourceType(), INSTANCES.resourceType());
            assertThat(get(name).getWaitingCount()).isEqualTo(2);
            assertThat(get(name).getState())
                    .isEqualTo(ReconciliationState.RECONCILIATION_STATE_RUNNING);

            assertThat(reader.read(INSTANCES)).isEqualTo(ScopeReader.Outcome.COMPLETE);
            Reconciliation half = get(name);
            assertThat(half.hasEndTime()).isFalse();
            assertThat(half.getCompleteCount()).isEqualTo(1);
            assertThat(of(half, INSTANCES).getTally())
                    .isEqualTo(
                            ReconciliationTally.newBuilder()
                                    .setItemsRead(SandboxCloud.INSTANCES)
                                    .setCalls(cloud.control().journal(0).size() - before)
                                    .setAssetsChanged(1)
                                    .build());

            assertThat(reader.read(VOLUMES)).isEqualTo(ScopeReader.Outcome.COMPLETE);
            assertThat(reader.read(VOLUMES)).isEqualTo(ScopeReader.Outcome.NOT_MINE);
            Reconciliation whole = get(name);
            assertThat(whole.getState())
                    .isEqualTo(ReconciliationState.RECONCILIATION_STATE_SUCCEEDED);
            assertThat(whole.hasEndTime()).isTrue();
            assertThat(whole.getTally().getCalls())
                    .isEqualTo(cloud.control().journal(0).size() - before);
            assertThat(of(whole, VOLUMES).getTally().getItemsRead())
                    .isGreaterThanOrEqualTo(SandboxCloud.INSTANCES);
            live.close();
            recorded.close();
        }
    }

    @Test
    void sameRequestIsOneReconciliationAndTwoAtOnceShareTheirReadings() {
        UUID request = UUID.randomUUID();
        String first = start(request, INSTANCES.resourceType());
        assertThat(start(request, INSTANCES.resourceType())).isEqualTo(first);
        assertThatThrownBy(() -> start(request, VOLUMES.resourceType()))
                .isInstanceOf(AlreadyExistsException.class)
                .hasMessageContaining("another reconciliation");
        String second = start(INSTANCES.resourceType());
        assertThat(second).isNotEqualTo(first);

        readings.complete(readings.begin(INSTANCES).orElseThrow(), INTERVAL);
        assertThat(readings.begin(INSTANCES)).isEmpty();
        assertSucceeded(first);
        assertSucceeded(second);
        assertThat(list(1).getReconciliationsList())
                .extracting(Reconciliation::getName)
                .containsExactly(second);
    }

    @Test
    void requestsOfManyCallersAtOnceNeitherBlockNorDouble() throws Exception {
        UUID request = UUID.randomUUID();
        try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<String>> same = new ArrayList<>();
            List<Future<String>> others = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                same.add(callers.submit(() -> start(request)));
                others.add(callers.submit(() -> start()));
            }
            Set<String> names = new TreeSet<>();
            for (Future<String> each : same) {
                names.add(each.get());
            }
            assertThat(names).hasSize(1);
            for (Future<String> each : others) {
                names.add(each.get());
            }
            assertThat(names).hasSize(5);
        }
        assertThat(list(100).getReconciliationsList()).hasSize(5);
    }

    @Test
    void readingThatBeganBeforeTheRequestDoesNotCountAndPutsNothingOff() {
        Reading earlier = readings.begin(INSTANCES).orElseThrow();
        String name = start(INSTANCES.resourceType());
        readings.apply(earlier, page("i-0bbbbbbbbbbbbbb01"));
        readings.complete(earlier, INTERVAL);
        assertThat(of(get(name), INSTANCES).getState())
                .isEqualTo(ReconciledSetState.RECONCILED_SET_STATE_WAITING);

        readings.complete(readings.begin(INSTANCES).orElseThrow(), INTERVAL);
        assertSucceeded(name);
    }

    @Test
    void goesOnWhenItsReaderDiesAndTheDeadOneTellsNothingMore() {
        String name = start(INSTANCES.resourceType());
        Reading dead = readings.begin(INSTANCES).orElseThrow();
        new Told(readings, dead).page(7, readings.apply(dead, page("i-0bbbbbbbbbbbbbb01")));
        assertThat(of(get(name), INSTANCES).getState())
                .isEqualTo(ReconciledSetState.RECONCILED_SET_STATE_READING);
        assertThat(readings.begin(INSTANCES)).as("while the lease lasts").isEmpty();
        SERVICE.postgres()
                .execute("UPDATE scope_reading SET lease_until = now() - interval '1 second'");

        Reading next = readings.begin(INSTANCES).orElseThrow();
        new Told(readings, dead).page(5, readings.apply(next, page("i-0bbbbbbbbbbbbbb02")));
        readings.complete(dead, INTERVAL);
        new Told(readings, next).page(1, readings.apply(next, page("i-0bbbbbbbbbbbbbb01")));
        assertThat(of(get(name), INSTANCES).getTally())
                .isEqualTo(
                        ReconciliationTally.newBuilder().setItemsRead(1).setAssetsNew(1).build());
        readings.complete(next, INTERVAL);
        assertSucceeded(name);
    }

    @Test
    void setThatFailsForGoodFailsAloneAndSaysWhy() {
        ScopeReader reader =
                new ScopeReader(
                        type -> new Source(type.equals(VOLUMES.resourceType())),
                        readings,
                        INTERVAL,
                        TestClock.CLOCK);
        String name = start(INSTANCES.resourceType(), VOLUMES.resourceType());
        reader.read(INSTANCES);
        for (int attempt = 1; attempt <= 3; attempt++) {
            assertThat(get(name).getState())
                    .isEqualTo(ReconciliationState.RECONCILIATION_STATE_RUNNING);
            SERVICE.postgres().execute("UPDATE scope_reading SET due_time = clock_timestamp()");
            assertThat(reader.read(VOLUMES)).isEqualTo(ScopeReader.Outcome.FAILED);
            assertThat(of(get(name), VOLUMES).getReason()).isEqualTo("ThrottlingException");
        }
        Reconciliation ended = get(name);
        assertThat(ended.getState()).isEqualTo(ReconciliationState.RECONCILIATION_STATE_FAILED);
        assertThat(ended.hasEndTime()).isTrue();
        assertThat(ended.getSetsList())
                .extracting(ReconciledSet::getState)
                .containsExactly(
                        ReconciledSetState.RECONCILED_SET_STATE_FAILED,
                        ReconciledSetState.RECONCILED_SET_STATE_COMPLETE);
    }

    @Test
    void notRecordedIsNoFailure() {
        String name = start(VOLUMES.resourceType());
        readings.notRecorded(readings.begin(VOLUMES).orElseThrow(), INTERVAL, "start the recorder");
        assertSucceeded(name);
        assertThat(get(name).getNotRecordedCount()).isEqualTo(1);
        assertThat(of(get(name), VOLUMES).getReason()).isEqualTo("start the recorder");
    }

    @Test
    void endsInTimeAlsoWhenNobodyReadsAndIsDeletedAfterThirtyDays() {
        String name = start(INSTANCES.resourceType());
        Upkeep upkeep = SERVICE.bean(Upkeep.class);
        upkeep.once();
        assertThat(get(name).getWaitingCount()).isEqualTo(1);
        SERVICE.postgres().execute("UPDATE reconciliation SET due_time = now()");
        upkeep.once();
        assertThat(get(name).getState()).isEqualTo(ReconciliationState.RECONCILIATION_STATE_FAILED);
        assertThat(of(get(name), INSTANCES).getReason()).contains("within its time");

        SERVICE.postgres()
                .execute("UPDATE reconciliation SET start_time = now() - interval '31 days'");
        upkeep.once();
        assertThat(code(() -> get(name))).isEqualTo(Status.Code.NOT_FOUND);
    }

    @Test
    void callersSeeAndStartThoseOfTheirAccountsOnly() {
        String name = "reconciliations/" + start(caller(), EVERYTHING, request()).id();
        assertThat(get(name).getSetsList()).hasSize(2);
        assertThat(
                        AssetServiceGrpc.newBlockingStub(SERVICE.admin())
                                .getReconciliation(named(name))
                                .getSetsList())
                .hasSize(3);
        var stranger = AssetServiceGrpc.newBlockingStub(SERVICE.admin("000000000001"));
        assertThat(code(() -> stranger.getReconciliation(named(name))))
                .isEqualTo(Status.Code.NOT_FOUND);
        assertThat(
                        stranger.listReconciliations(
                                        ListReconciliationsRequest.getDefaultInstance())
                                .getReconciliationsList())
                .isEmpty();
        assertThatThrownBy(() ->
                        start(
                                caller(),
                                new Visibility(Set.of(ACCOUNT)),
                                new Reconciliations.Request(
                                        UUID.randomUUID(), List.of(ELSEWHERE.scope()), List.of())))
                .isInstanceOf(PermissionDeniedException.class);
    }

    @Test
    void whatIsNotReadIsRefusedWithItsRemedy() {
        var bad =
                new Reconciliations.Request(
                        UUID.randomUUID(), List.of(Enrolling.scope("000000000002")), List.of());
        assertThatThrownBy(() -> start(caller(), EVERYTHING, bad))
                .isInstanceOf(InvalidFieldException.class)
                .hasMessageContaining("scopes[0]")
                .hasMessageContaining("yagura.inventory.scopes");
        assertThatThrownBy(() -> start("AWS::EC2::Dragon"))
                .hasMessageContaining("resource_types[0]")
                .hasMessageContaining("AWS::EC2::Volume");

        // The service of this test is configured to read nothing.
        ReconcileAssetsRequest nothing =
                ReconcileAssetsRequest.newBuilder()
                        .setRequestId(UUID.randomUUID().toString())
                        .build();
        assertThat(code(() -> stub().reconcileAssets(nothing)))
                .isEqualTo(Status.Code.FAILED_PRECONDITION);
        assertThat(code(() -> stub().reconcileAssets(ReconcileAssetsRequest.getDefaultInstance())))
                .isEqualTo(Status.Code.INVALID_ARGUMENT);
    }

    @Test
    void noMoreThanTwentyRunAtOnce() {
        for (int i = 0; i < 20; i++) {
            start(INSTANCES.resourceType());
        }
        assertThatThrownBy(() -> start(INSTANCES.resourceType()))
                .isInstanceOf(LimitExceededException.class);
        List<String> seen = new ArrayList<>();
        String token = "";
        do {
            var page =
                    stub().listReconciliations(
                                    ListReconciliationsRequest.newBuilder()
                                            .setPageSize(8)
                                            .setPageToken(token)
                                            .build());
            page.getReconciliationsList().forEach(each -> seen.add(each.getName()));
            token = page.getNextPageToken();
        } while (!token.isEmpty());
        assertThat(seen).hasSize(20).doesNotHaveDuplicates();
    }

    /** Without assets; its pages may fail. */
    private record Source(boolean fails) implements AssetSource {
        @Override
        public Page page(AssetSet set, Optional<String> token) {
            if (fails) {
                throw new IllegalStateException("ThrottlingException");
            }
            return new Page(List.of(), Optional.empty());
        }

        @Override
        public Look look(AssetSet set, List<String> nativeIds) {
            return new Look(List.of(), List.of(), List.of());
        }

        @Override
        public int looksAtOnce() {
            return 1;
        }

        @Override
        public Coverage coverage(AssetSet set) {
            return new Coverage.Live();
        }

        @Override
        public Duration pause(Duration interval) {
            return interval;
        }
    }

    private static List<Observation> page(String id) {
        return List.of(
                new Observation(
                        id, "running", Asset.getDefaultInstance(), TestClock.CLOCK.instant()));
    }

    private String start(String... types) {
        return start(UUID.randomUUID(), types);
    }

    private String start(UUID request, String... types) {
        return "reconciliations/"
                + start(
                                caller(),
                                new Visibility(Set.of(ACCOUNT)),
                                new Reconciliations.Request(request, List.of(), List.of(types)))
                        .id();
    }

    private dev.yagura.inventory.asset.Reconciliation start(
            Principal caller, Visibility visibility, Reconciliations.Request request) {
        return catalog.start(caller, visibility, request);
    }

    private static Reconciliations.Request request() {
        return new Reconciliations.Request(UUID.randomUUID(), List.of(), List.of());
    }

    private static Principal caller() {
        return Principal.service("test");
    }

    private static void assertSucceeded(String name) {
        assertThat(get(name).getState())
                .isEqualTo(ReconciliationState.RECONCILIATION_STATE_SUCCEEDED);
    }

    private static ReconciledSet of(Reconciliation reconciliation, AssetSet set) {
        return reconciliation.getSetsList().stream()
                .filter(each -> each.getResourceType().equals(set.resourceType()))
                .findFirst()
                .orElseThrow();
    }

    private static Status.Code code(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        return catchThrowableOfType(StatusRuntimeException.class, call).getStatus().getCode();
    }

    private static Reconciliation get(String name) {
        return stub().getReconciliation(named(name));
    }

    private static dev.yagura.proto.inventory.v1.ListReconciliationsResponse list(int size) {
        return stub().listReconciliations(
                        ListReconciliationsRequest.newBuilder().setPageSize(size).build());
    }

    private static GetReconciliationRequest named(String name) {
        return GetReconciliationRequest.newBuilder().setName(name).build();
    }

    private static AssetServiceGrpc.AssetServiceBlockingStub stub() {
        return AssetServiceGrpc.newBlockingStub(SERVICE.admin(ACCOUNT));
    }
}
