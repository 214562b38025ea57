package dev.yagura.response.playbook;

import dev.yagura.common.error.PreconditionFailedException;
import dev.yagura.common.ids.Ids;
import dev.yagura.common.log.LogKeys;
import dev.yagura.proto.detection.v1.Incident;
import dev.yagura.proto.detection.v1.IncidentState;
import dev.yagura.proto.response.v1.Playbook;
import dev.yagura.response.proposal.IncidentListener;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.UUID;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts automatic playbooks for the open incidents that they are for, each once: also when an
 * incident changes, is merged, or the playbook gets a new version.
 */
@ApplicationScoped
class IncidentRuns implements IncidentListener {
    private static final Logger LOG = LoggerFactory.getLogger(IncidentRuns.class);
    private static final UUID NAMESPACE = UUID.fromString("0198c0de-7e57-7000-8000-696e63696472");

    private final PlaybookStore store;
    private final PlaybookCatalog catalog;

    @Inject
    IncidentRuns(PlaybookStore store, PlaybookCatalog catalog) {
        this.store = store;
        this.catalog = catalog;
    }

    @Override
    public void consider(Incident incident) {
        if (incident.getState() != IncidentState.INCIDENT_STATE_OPEN
                || !incident.getMergedInto().isEmpty()) {
            return;
        }
        for (Playbook playbook : store.automatic()) {
            if (!hasRun(playbook, incident)) {
                start(playbook, incident);
            }
        }
    }

    private boolean hasRun(Playbook playbook, Incident incident) {
        return Stream.concat(Stream.of(incident.getName()), incident.getMergedFromList().stream())
                .anyMatch(name -> store.findByRequest(requestId(playbook, name)).isPresent());
    }

    private void start(Playbook playbook, Incident incident) {
        try {
            if (catalog.startForIncident(
                    playbook, incident, requestId(playbook, incident.getName()))) {
                LOG.atInfo()
                        .addKeyValue(LogKeys.INCIDENT, incident.getName())
                        .log("a playbook has started by itself: " + playbook.getName());
            }
        } catch (PreconditionFailedException e) {
            // Trying again would stop at the same incident for ever.
            LOG.atWarn()
                    .addKeyValue(LogKeys.INCIDENT, incident.getName())
                    .addKeyValue(LogKeys.REASON, String.valueOf(e.getMessage()))
                    .log("a playbook was not started");
        }
    }

    private static UUID requestId(Playbook playbook, String incident) {
        return Ids.v5(NAMESPACE, playbook.getName(), incident);
    }
}
