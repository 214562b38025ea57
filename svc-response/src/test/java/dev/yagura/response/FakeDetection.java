package dev.yagura.response;

import dev.yagura.common.error.NotFoundException;
import dev.yagura.proto.detection.v1.GetIncidentRequest;
import dev.yagura.proto.detection.v1.Incident;
import dev.yagura.proto.detection.v1.IncidentServiceGrpc;
import dev.yagura.proto.detection.v1.ListIncidentsRequest;
import dev.yagura.proto.detection.v1.ListIncidentsResponse;
import dev.yagura.proto.detection.v1.WatchIncidentsRequest;
import dev.yagura.proto.detection.v1.WatchIncidentsResponse;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Detection's incidents as a list that grows; a cursor is a place in it. */
final class FakeDetection extends IncidentServiceGrpc.IncidentServiceImplBase {
    private final List<Incident> changes = new ArrayList<>();
    private final List<StreamObserver<WatchIncidentsResponse>> watches = new ArrayList<>();

    @Override
    public synchronized void getIncident(
            GetIncidentRequest request, StreamObserver<Incident> observer) {
        Optional<Incident> known =
                changes.stream()
                        .filter(each -> each.getName().equals(request.getName()))
                        .reduce((earlier, later) -> later);
        observer.onNext(
                known.orElseThrow(() -> new NotFoundException("incident", request.getName())));
        observer.onCompleted();
    }

    @Override
    public synchronized void listIncidents(
            ListIncidentsRequest request, StreamObserver<ListIncidentsResponse> observer) {
        observer.onNext(
                ListIncidentsResponse.newBuilder()
                        .setCursor(Integer.toString(changes.size()))
                        .addAllIncidents(changes)
                        .build());
        observer.onCompleted();
    }

    @Override
    public synchronized void watchIncidents(
            WatchIncidentsRequest request, StreamObserver<WatchIncidentsResponse> observer) {
        for (int i = Integer.parseInt(request.getCursor()); i < changes.size(); i++) {
            observer.onNext(change(i));
        }
        watches.add(observer);
    }

    synchronized void publish(Incident incident) {
        changes.add(incident);
        watches.forEach(watch -> watch.onNext(change(changes.size() - 1)));
    }

    private WatchIncidentsResponse change(int index) {
        return WatchIncidentsResponse.newBuilder()
                .setCursor(Integer.toString(index + 1))
                .setIncident(changes.get(index))
                .build();
    }
}
