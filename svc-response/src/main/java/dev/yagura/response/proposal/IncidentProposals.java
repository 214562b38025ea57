package dev.yagura.response.proposal;

import dev.yagura.common.error.InvalidFieldException;
import dev.yagura.common.error.NotFoundException;
import dev.yagura.common.ids.ResourceName;
import dev.yagura.common.log.LogKeys;
import dev.yagura.proto.detection.v1.Incident;
import dev.yagura.proto.detection.v1.IncidentState;
import dev.yagura.proto.detection.v1.Severity;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.response.action.ActionCatalog;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which incident is worth a proposal, and of what. */
@ApplicationScoped
class IncidentProposals implements IncidentListener {
    private static final Logger LOG = LoggerFactory.getLogger(IncidentProposals.class);
    private static final String COLLECTION = "incidents";

    private final ActionCatalog catalog;

    @Inject
    IncidentProposals(ActionCatalog catalog) {
        this.catalog = catalog;
    }

    /** Proposes to isolate the instance of a critical, open incident; does nothing for others. */
    @Override
    public void consider(Incident incident) {
        boolean critical =
                incident.getSeverity() == Severity.SEVERITY_CRITICAL
                        && incident.getState() == IncidentState.INCIDENT_STATE_OPEN
                        && incident.getMergedInto().isEmpty();
        if (!critical || incident.getAsset().getInstanceId().isEmpty()) {
            return;
        }
        ActionTarget target =
                ActionTarget.newBuilder()
                        .setScope(IncidentSource.scope(incident))
                        .setInstanceId(incident.getAsset().getInstanceId())
                        .build();
        try {
            propose(incident, target);
        } catch (NotFoundException | InvalidFieldException | IllegalArgumentException e) {
            // Trying again would stop at the same incident for ever.
            LOG.atWarn()
                    .addKeyValue(LogKeys.INCIDENT, incident.getName())
                    .addKeyValue(LogKeys.REASON, String.valueOf(e.getMessage()))
                    .log("no isolation proposed");
        }
    }

    private void propose(Incident incident, ActionTarget target) {
        Set<UUID> merged =
                incident.getMergedFromList().stream()
                        .map(name -> ResourceName.parse("merged_from", COLLECTION, name))
                        .collect(Collectors.toSet());
        ActionCatalog.Proposal outcome =
                catalog.propose(
                        new ActionCatalog.Order(
                                ActionKind.ACTION_KIND_ISOLATE_INSTANCE,
                                target,
                                "critical incident: " + incident.getTitle(),
                                incident.getName()),
                        ResourceName.parse(COLLECTION, incident.getName()),
                        merged);
        if (outcome == ActionCatalog.Proposal.MADE) {
            LOG.atInfo()
                    .addKeyValue(LogKeys.INCIDENT, incident.getName())
                    .addKeyValue(LogKeys.INSTANCE, target.getInstanceId())
                    .log("isolation proposed");
        }
    }
}
