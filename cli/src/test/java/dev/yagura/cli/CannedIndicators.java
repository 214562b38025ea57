package dev.yagura.cli;

import dev.yagura.common.error.NotFoundException;
import dev.yagura.proto.detection.v1.ImportIndicatorsRequest;
import dev.yagura.proto.detection.v1.ImportIndicatorsResponse;
import dev.yagura.proto.detection.v1.ImportProblem;
import dev.yagura.proto.detection.v1.IndicatorList;
import dev.yagura.proto.detection.v1.IndicatorServiceGrpc;
import io.grpc.stub.StreamObserver;

/** Counts bytes as if they were indicators. */
final class CannedIndicators extends IndicatorServiceGrpc.IndicatorServiceImplBase {
    @Override
    public StreamObserver<ImportIndicatorsRequest> importIndicators(
            StreamObserver<ImportIndicatorsResponse> observer) {
        return new StreamObserver<>() {
            private String list = "";
            private long bytes;

            @Override
            public void onNext(ImportIndicatorsRequest request) {
                if (request.hasHeader()) {
                    list = request.getHeader().getList();
                }
                bytes += request.getContent().size();
                if (list.equals("refused")) {
                    throw new NotFoundException("list", list);
                }
            }

            @Override
            public void onError(Throwable error) {}

            @Override
            public void onCompleted() {
                observer.onNext(
                        ImportIndicatorsResponse.newBuilder()
                                .setList(
                                        IndicatorList.newBuilder()
                                                .setName("indicatorLists/" + list)
                                                .setVersion(1))
                                .setAdded(bytes)
                                .addProblems(
                                        ImportProblem.newBuilder()
                                                .setLine(7)
                                                .setSubject("value")
                                                .setMessage("is no address"))
                                .build());
                observer.onCompleted();
            }
        };
    }
}
