package dev.yagura.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import dev.yagura.proto.inventory.v1.Asset;
import dev.yagura.proto.inventory.v1.AssetServiceGrpc;
import dev.yagura.proto.inventory.v1.AssetVersion;
import dev.yagura.proto.inventory.v1.GetAssetRequest;
import dev.yagura.proto.inventory.v1.GetReconciliationRequest;
import dev.yagura.proto.inventory.v1.ListAssetVersionsRequest;
import dev.yagura.proto.inventory.v1.ListAssetVersionsResponse;
import dev.yagura.proto.inventory.v1.ListAssetsRequest;
import dev.yagura.proto.inventory.v1.ListAssetsResponse;
import dev.yagura.proto.inventory.v1.ListReconciliationsRequest;
import dev.yagura.proto.inventory.v1.ListReconciliationsResponse;
import dev.yagura.proto.inventory.v1.NetworkInterface;
import dev.yagura.proto.inventory.v1.ReconcileAssetsRequest;
import dev.yagura.proto.inventory.v1.ReconciledSet;
import dev.yagura.proto.inventory.v1.ReconciledSetState;
import dev.yagura.proto.inventory.v1.Reconciliation;
import dev.yagura.proto.inventory.v1.ReconciliationState;
import dev.yagura.proto.inventory.v1.ReconciliationTally;
import io.grpc.BindableService;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** yagura assets reconcile, history and --at. */
class AssetHistoryCommandsTest extends CommandTest {
    private static final Asset OLD =
            Asset.newBuilder()
                    .putTags("Owner", "ops")
                    .setCaptureTime(time(1))
                    .addNetworkInterfaces(NetworkInterface.newBuilder().setNetworkInterfaceId("a"))
                    .addNetworkInterfaces(NetworkInterface.newBuilder().setNetworkInterfaceId("b"))
                    .setConfiguration("{\"size\":8,\"groups\":[\"sg-1\"],\"same\":{\"x\":1.5}}")
                    .build();
    private static final Asset NEW =
            Asset.newBuilder()
                    .putTags("Owner", "web")
                    .putTags("Env\u001b[2J", "prod")
                    .setCaptureTime(time(2))
                    .addNetworkInterfaces(NetworkInterface.newBuilder().setNetworkInterfaceId("b"))
                    .setConfiguration(
                            "{\"size\":16,\"groups\":[\"sg-1\",\"sg-2\"],\"same\":{\"x\":1.5}}")
                    .build();

    private final Canned canned = new Canned();

    /** An asset with three versions, and a reconciliation that ends when it is asked for again. */
    private static final class Canned extends AssetServiceGrpc.AssetServiceImplBase {
        private ReconciledSetState end = ReconciledSetState.RECONCILED_SET_STATE_COMPLETE;
        private final List<Object> asked = new ArrayList<>();

        @Override
        public void listAssetVersions(
                ListAssetVersionsRequest request,
                StreamObserver<ListAssetVersionsResponse> observer) {
            int from = request.getPageToken().isEmpty() ? 0 : 2;
            List<Asset> all = List.of(NEW.toBuilder().setCaptureTime(time(3)).build(), NEW, OLD);
            var answer = ListAssetVersionsResponse.newBuilder();
            for (int i = from; i < Math.min(from + 2, 3); i++) {
                answer.addVersions(
                        AssetVersion.newBuilder()
                                .setAsset(all.get(i))
                                .setStartTime(time(30 - 10 * i)));
            }
            if (from > 0 && request.getIncludeRecorded()) {
                answer.addVersions(
                                AssetVersion.newBuilder()
                                        .setAsset(OLD)
                                        .setStartTime(time(1))
                                        .setRecorded(true))
                        .setRecordedProblem("AWS Config does not answer");
            }
            answer(observer, answer.setNextPageToken(from == 0 ? "more" : "").build());
        }

        @Override
        public void listAssets(
                ListAssetsRequest request, StreamObserver<ListAssetsResponse> observer) {
            asked.add(request.getReadTime());
            answer(observer, ListAssetsResponse.getDefaultInstance());
        }

        @Override
        public void getAsset(GetAssetRequest request, StreamObserver<Asset> observer) {
            asked.add(request.getReadTime());
            answer(observer, OLD);
        }

        @Override
        public void reconcileAssets(
                ReconcileAssetsRequest request, StreamObserver<Reconciliation> observer) {
            asked.add(request.toBuilder().clearRequestId().build());
            answer(
                    observer,
                    reconciliation(
                            ReconciliationState.RECONCILIATION_STATE_RUNNING,
                            ReconciledSet.newBuilder()
                                    .setState(ReconciledSetState.RECONCILED_SET_STATE_WAITING)));
        }

        @Override
        public void getReconciliation(
                GetReconciliationRequest request, StreamObserver<Reconciliation> observer) {
            boolean failed = end == ReconciledSetState.RECONCILED_SET_STATE_FAILED;
            answer(
                    observer,
                    reconciliation(
                            failed
                                    ? ReconciliationState.RECONCILIATION_STATE_FAILED
                                    : ReconciliationState.RECONCILIATION_STATE_SUCCEEDED,
                            ReconciledSet.newBuilder()
                                    .setResourceType("AWS::EC2::Volume")
                                    .setState(end)
                                    .setReason(failed ? "ThrottlingException" : "")
                                    .setTally(
                                            ReconciliationTally.newBuilder()
                                                    .setItemsRead(7)
                                                    .setAssetsTombstoned(2))
                                    .setEndTime(time(50))));
        }

        @Override
        public void listReconciliations(
                ListReconciliationsRequest request,
                StreamObserver<ListReconciliationsResponse> observer) {
            answer(
                    observer,
                    ListReconciliationsResponse.newBuilder()
                            .addReconciliations(
                                    reconciliation(
                                            ReconciliationState.RECONCILIATION_STATE_RUNNING,
                                            ReconciledSet.newBuilder()))
                            .build());
        }

        private static Reconciliation reconciliation(
                ReconciliationState state, ReconciledSet.Builder set) {
            return Reconciliation.newBuilder()
                    .setName("reconciliations/r")
                    .setState(state)
                    .setCompleteCount(1)
                    .addSets(set)
                    .build();
        }

        private static <T> void answer(StreamObserver<T> observer, T message) {
            observer.onNext(message);
            observer.onCompleted();
        }
    }

    @Override
    List<BindableService> services() {
        return List.of(canned);
    }

    @Test
    void historyTellsFieldByFieldWhatChanged() {
        assertThat(run("assets", "history", "assets/b")).isZero();
        assertThat(out.lines())
                .containsExactly(
                        "1970-01-01T00:00:30Z  captured again",
                        "1970-01-01T00:00:20Z",
                        "    configuration.groups + sg-2",
                        "    configuration.size: 8 → 16",
                        "    network_interfaces - {network_interface_id: a}",
                        "    tags.Env·[2J + prod",
                        "    tags.Owner: ops → web",
                        "1970-01-01T00:00:10Z  the first that is kept");

        assertThat(run("assets", "history", "assets/b", "--limit", "1")).isZero();
        assertThat(out.lines()).containsExactly("1970-01-01T00:00:30Z  captured again");
    }

    @Test
    void historyGoesOnWithWhatAwsConfigKeptAndSaysWhatIsMissing() {
        assertThat(run("assets", "history", "assets/b", "--recorded")).isZero();
        assertThat(out.lines())
                .endsWith(
                        "1970-01-01T00:00:10Z  captured again",
                        "1970-01-01T00:00:01Z  (AWS Config)  the first that is kept",
                        "Not all of AWS Config's history: AWS Config does not answer");
    }

    @Test
    void readsAsOfATime() {
        assertThat(run("assets", "list", "--at", "1970-01-01T00:00:20Z")).isZero();
        assertThat(run("assets", "show", "assets/b", "--at", "1970-01-01T00:00:20Z")).isZero();
        assertThat(canned.asked).containsExactly(time(20), time(20));
        assertThat(run("assets", "show", "assets/b", "--at", "yesterday")).isEqualTo(2);
        assertThat(err).contains("--at: write it as");
    }

    @Test
    void reconcileShowsItsProgressAndItsExitCodeTellsHowItEnded() {
        assertThat(
                        run(
                                "assets",
                                "reconcile",
                                "--scope",
                                "aws:111122223333:eu-west-1",
                                "--type",
                                "AWS::EC2::Volume"))
                .isZero();
        assertThat(out)
                .contains("reconciliations/r", "AWS::EC2::Volume  complete, 7 read")
                .contains("succeeded: 1 complete");
        ReconcileAssetsRequest asked = (ReconcileAssetsRequest) canned.asked.getFirst();
        assertThat(asked.getScopes(0).getRegion()).isEqualTo("eu-west-1");
        assertThat(asked.getResourceTypesList()).containsExactly("AWS::EC2::Volume");

        canned.end = ReconciledSetState.RECONCILED_SET_STATE_FAILED;
        assertThat(run("assets", "reconcile")).isEqualTo(1);
        assertThat(out).contains("failed, 7 read").contains(": ThrottlingException");

        assertThat(run("assets", "reconcile", "--detach")).isZero();
        assertThat(out).contains("running").doesNotContain("ThrottlingException");
        assertThat(run("assets", "reconcile", "--scope", "111122223333")).isEqualTo(2);
    }

    @Test
    void reconciliationsAreListedAndShown() {
        assertThat(run("assets", "reconciliations")).isZero();
        assertThat(out).contains("STARTED", "reconciliations/r", "running: 1 complete");
        assertThat(run("assets", "reconciliations", "reconciliations/r")).isZero();
        assertThat(out).contains("AWS::EC2::Volume", "GONE", "complete");
    }

    private static Timestamp time(long seconds) {
        return Timestamp.newBuilder().setSeconds(seconds).build();
    }
}
