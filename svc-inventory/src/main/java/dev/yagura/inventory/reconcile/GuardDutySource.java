package dev.yagura.inventory.reconcile;

import dev.yagura.common.aws.AwsClients;
import dev.yagura.proto.type.v1.Scope;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.guardduty.GuardDutyClient;
import software.amazon.awssdk.services.guardduty.model.DetectorFeatureConfigurationResult;
import software.amazon.awssdk.services.guardduty.model.FeatureStatus;

/** GuardDuty's ListDetectors and GetDetector; one client a scope. What fails throws. */
@ApplicationScoped
class GuardDutySource {
    private final ClientByScope<GuardDutyClient> clients;

    @Inject
    GuardDutySource(AwsClients clients) {
        this.clients =
                new ClientByScope<>(scope -> clients.client(GuardDutyClient.builder(), scope));
    }

    /** AWS lets an account have one detector in a region. */
    Detector detector(Scope scope) {
        GuardDutyClient client = clients.of(scope);
        Optional<String> id =
                client.listDetectorsPaginator(request -> {}).detectorIds().stream().findFirst();
        if (id.isEmpty()) {
            return new Detector(Detector.NONE, Set.of());
        }
        var found = client.getDetector(request -> request.detectorId(id.get()));
        Set<String> on = new HashSet<>();
        found.features().forEach(feature -> add(on, feature));
        return new Detector(String.valueOf(found.statusAsString()), on);
    }

    @PreDestroy
    void close() {
        clients.close();
    }

    private static void add(Set<String> on, DetectorFeatureConfigurationResult feature) {
        if (feature.status() != FeatureStatus.ENABLED) {
            return;
        }
        on.add(feature.nameAsString());
        feature.additionalConfiguration().stream()
                .filter(each -> each.status() == FeatureStatus.ENABLED)
                .forEach(each -> on.add(feature.nameAsString() + "/" + each.nameAsString()));
    }
}
