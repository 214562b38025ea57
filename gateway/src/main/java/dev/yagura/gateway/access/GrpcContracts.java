package dev.yagura.gateway.access;

import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import dev.yagura.proto.detection.v1.AlertServiceOuterClass;
import dev.yagura.proto.detection.v1.CoverageServiceOuterClass;
import dev.yagura.proto.detection.v1.IncidentServiceOuterClass;
import dev.yagura.proto.detection.v1.IndicatorServiceOuterClass;
import dev.yagura.proto.detection.v1.RuleServiceOuterClass;
import dev.yagura.proto.gateway.v1.TokenServiceOuterClass;
import dev.yagura.proto.ingest.v1.EventFeedServiceOuterClass;
import dev.yagura.proto.ingest.v1.LedgerServiceOuterClass;
import dev.yagura.proto.ingest.v1.TelemetryServiceOuterClass;
import dev.yagura.proto.inventory.v1.AgentServiceOuterClass;
import dev.yagura.proto.inventory.v1.AssetServiceOuterClass;
import dev.yagura.proto.inventory.v1.PostureServiceOuterClass;
import dev.yagura.proto.response.v1.ActionServiceOuterClass;
import dev.yagura.proto.response.v1.AgentCommandServiceOuterClass;
import dev.yagura.proto.response.v1.EvidenceServiceOuterClass;
import dev.yagura.proto.response.v1.PlaybookServiceOuterClass;
import dev.yagura.proto.response.v1.ResponsePlanServiceOuterClass;
import dev.yagura.proto.response.v1.WebhookServiceOuterClass;
import io.grpc.health.v1.HealthProto;
import io.grpc.reflection.v1.ServerReflectionProto;
import java.util.List;
import java.util.stream.Stream;

/** Every service that the gateway knows of, as its descriptors say. */
public final class GrpcContracts {
    private static final String AREA_PREFIX = "yagura.";
    private static final String OWN_AREA = "gateway";

    private static final List<FileDescriptor> FILES =
            List.of(
                    TelemetryServiceOuterClass.getDescriptor(),
                    EventFeedServiceOuterClass.getDescriptor(),
                    LedgerServiceOuterClass.getDescriptor(),
                    RuleServiceOuterClass.getDescriptor(),
                    CoverageServiceOuterClass.getDescriptor(),
                    AlertServiceOuterClass.getDescriptor(),
                    IncidentServiceOuterClass.getDescriptor(),
                    IndicatorServiceOuterClass.getDescriptor(),
                    ActionServiceOuterClass.getDescriptor(),
                    AgentCommandServiceOuterClass.getDescriptor(),
                    EvidenceServiceOuterClass.getDescriptor(),
                    PlaybookServiceOuterClass.getDescriptor(),
                    ResponsePlanServiceOuterClass.getDescriptor(),
                    WebhookServiceOuterClass.getDescriptor(),
                    AgentServiceOuterClass.getDescriptor(),
                    AssetServiceOuterClass.getDescriptor(),
                    dev.yagura.proto.inventory.v1.CoverageServiceOuterClass.getDescriptor(),
                    PostureServiceOuterClass.getDescriptor(),
                    TokenServiceOuterClass.getDescriptor(),
                    HealthProto.getDescriptor(),
                    ServerReflectionProto.getDescriptor(),
                    io.grpc.reflection.v1alpha.ServerReflectionProto.getDescriptor());

    private GrpcContracts() {}

    /** Those served here, behind, or only among services. */
    public static List<ServiceDescriptor> services() {
        return FILES.stream().flatMap(file -> file.getServices().stream()).toList();
    }

    /** Those that another service of the platform serves. */
    public static List<ServiceDescriptor> servedBehind() {
        return services().stream()
                .filter(service -> service.getFullName().startsWith(AREA_PREFIX))
                .filter(service -> !area(service).equals(OWN_AREA))
                .toList();
    }

    /** "ingest" of "yagura.ingest.v1.TelemetryService": names the service behind. */
    public static String area(ServiceDescriptor service) {
        return service.getFullName().split("\\.")[1];
    }

    /** Every method by its full name, "yagura.ingest.v1.TelemetryService/StreamTelemetry". */
    static Stream<String> methods(List<ServiceDescriptor> services) {
        return services.stream()
                .flatMap(service -> service.getMethods().stream())
                .map(GrpcContracts::fullName);
    }

    /** As gRPC writes it. */
    public static String fullName(MethodDescriptor method) {
        return method.getService().getFullName() + "/" + method.getName();
    }
}
