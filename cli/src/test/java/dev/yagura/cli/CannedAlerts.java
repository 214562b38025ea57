package dev.yagura.cli;

import dev.yagura.common.error.NotFoundException;
import dev.yagura.proto.detection.v1.Alert;
import dev.yagura.proto.detection.v1.AlertServiceGrpc;
import dev.yagura.proto.detection.v1.AssetSnapshot;
import dev.yagura.proto.detection.v1.GetAlertRequest;
import dev.yagura.proto.detection.v1.ListAlertsRequest;
import dev.yagura.proto.detection.v1.ListAlertsResponse;
import dev.yagura.proto.detection.v1.RuleReference;
import dev.yagura.proto.detection.v1.Severity;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;

/** Pages of two. */
final class CannedAlerts extends AlertServiceGrpc.AlertServiceImplBase {
    private static final int PAGE = 2;
    private final List<Alert> all = new ArrayList<>();
    int calls;

    void add(Alert alert) {
        all.add(alert);
    }

    @Override
    public void listAlerts(ListAlertsRequest request, StreamObserver<ListAlertsResponse> observer) {
        calls++;
        int from = request.getPageToken().isEmpty() ? 0 : Integer.parseInt(request.getPageToken());
        int to = Math.min(all.size(), from + Math.min(PAGE, request.getPageSize()));
        observer.onNext(
                ListAlertsResponse.newBuilder()
                        .addAllAlerts(all.subList(from, to))
                        .setNextPageToken(to < all.size() ? Integer.toString(to) : "")
                        .build());
        observer.onCompleted();
    }

    @Override
    public void getAlert(GetAlertRequest request, StreamObserver<Alert> observer) {
        throw new NotFoundException("alert", request.getName());
    }

    static Alert alert(String id, String title, String host) {
        return Alert.newBuilder()
                .setName("alerts/" + id)
                .setSeverity(Severity.SEVERITY_HIGH)
                .setRule(
                        RuleReference.newBuilder()
                                .setId("rule-1")
                                .setTitle(title)
                                .addTechniques("T1059.004"))
                .setAsset(AssetSnapshot.newBuilder().setHostname(host))
                .build();
    }
}
