package dev.yagura.detection.coverage;

import dev.yagura.common.error.InvalidFieldException;
import dev.yagura.common.grpc.Replies;
import dev.yagura.detection.alert.Nanos;
import dev.yagura.detection.canary.CanaryReport;
import dev.yagura.detection.canary.CanaryRounds;
import dev.yagura.detection.canary.CanaryStage;
import dev.yagura.proto.detection.v1.AttackCoverage;
import dev.yagura.proto.detection.v1.Canary;
import dev.yagura.proto.detection.v1.CanaryState;
import dev.yagura.proto.detection.v1.CoverageServiceGrpc;
import dev.yagura.proto.detection.v1.GetAttackCoverageRequest;
import dev.yagura.proto.detection.v1.ListCanariesRequest;
import dev.yagura.proto.detection.v1.ListCanariesResponse;
import io.grpc.stub.StreamObserver;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;

/**
 * CoverageService. What it says is of the whole installation and shows nothing of any host; who may
 * call is decided at the gateway.
 */
@ApplicationScoped
public class CoverageEndpoint extends CoverageServiceGrpc.CoverageServiceImplBase {
    private static final Duration DEFAULT_WINDOW = Duration.ofDays(7);
    private static final Duration SHORTEST_WINDOW = Duration.ofHours(1);
    private static final Duration LONGEST_WINDOW = Duration.ofDays(90);
    private static final int MOST_PARTITIONS = 16;

    private final CanaryRounds canaries;
    private final AttackCoverages coverages;

    @Inject
    CoverageEndpoint(CanaryRounds canaries, AttackCoverages coverages) {
        this.canaries = canaries;
        this.coverages = coverages;
    }

    @Override
    public void listCanaries(
            ListCanariesRequest request, StreamObserver<ListCanariesResponse> observer) {
        Replies.unary(
                observer,
                () -> {
                    ListCanariesResponse.Builder response = ListCanariesResponse.newBuilder();
                    for (CanaryReport report : canaries.reports()) {
                        Canary canary = canary(report);
                        if (request.getState() == CanaryState.CANARY_STATE_UNSPECIFIED
                                || request.getState() == canary.getState()) {
                            response.addCanaries(canary);
                        }
                    }
                    return response.build();
                });
    }

    @Override
    public void getAttackCoverage(
            GetAttackCoverageRequest request, StreamObserver<AttackCoverage> observer) {
        Replies.unary(observer, () -> coverages.cover(window(request)));
    }

    private static Duration window(GetAttackCoverageRequest request) {
        if (!request.hasWindow()) {
            return DEFAULT_WINDOW;
        }
        Duration window = Duration.ofSeconds(request.getWindow().getSeconds());
        if (window.compareTo(SHORTEST_WINDOW) < 0 || window.compareTo(LONGEST_WINDOW) > 0) {
            throw new InvalidFieldException(
                    "window", "is not from 1 hour to 90 days", "send a duration within them");
        }
        return window;
    }

    private static Canary canary(CanaryReport report) {
        dev.yagura.sigma.canary.Canary made = report.entry().probe().canary();
        Canary.Builder message =
                Canary.newBuilder()
                        .setName(report.name())
                        .setLogsource(made.logSource().toString())
                        .setSensor(made.kinds().sensor())
                        .setState(state(report.state()))
                        .setProblem(report.problem())
                        .addAllFailingPartitions(
                                report.failingPartitions().stream().limit(MOST_PARTITIONS).toList())
                        .setRuleCount(report.entry().rules())
                        .addAllFields(
                                report.entry().probe().fields().keySet().stream()
                                        .filter(field -> !field.isEmpty())
                                        .toList());
        report.lastProven()
                .ifPresent(time ->
                        message.setLastProvenTime(Nanos.timestamp(time))
                                .setDelay(duration(report.delay())));
        if (report.state() == CanaryReport.State.FAILING) {
            message.setLastStage(stage(report.lastStage()));
        }
        return message.build();
    }

    private static com.google.protobuf.Duration duration(Duration duration) {
        return com.google.protobuf.Duration.newBuilder()
                .setSeconds(duration.getSeconds())
                .setNanos(duration.getNano())
                .build();
    }

    private static CanaryState state(CanaryReport.State state) {
        return switch (state) {
            case IDLE -> CanaryState.CANARY_STATE_IDLE;
            case PENDING -> CanaryState.CANARY_STATE_PENDING;
            case PROVEN -> CanaryState.CANARY_STATE_PROVEN;
            case FAILING -> CanaryState.CANARY_STATE_FAILING;
        };
    }

    private static dev.yagura.proto.detection.v1.CanaryStage stage(CanaryStage stage) {
        return switch (stage) {
            case NONE -> dev.yagura.proto.detection.v1.CanaryStage.CANARY_STAGE_NONE;
            case COMPILED -> dev.yagura.proto.detection.v1.CanaryStage.CANARY_STAGE_COMPILED;
            case APPENDED -> dev.yagura.proto.detection.v1.CanaryStage.CANARY_STAGE_APPENDED;
            case READ -> dev.yagura.proto.detection.v1.CanaryStage.CANARY_STAGE_READ;
            case MATCHED -> dev.yagura.proto.detection.v1.CanaryStage.CANARY_STAGE_MATCHED;
        };
    }
}
