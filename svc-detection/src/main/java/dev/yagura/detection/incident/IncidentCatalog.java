package dev.yagura.detection.incident;

import dev.yagura.common.error.InvalidFieldException;
import dev.yagura.common.error.NotFoundException;
import dev.yagura.common.error.PreconditionFailedException;
import dev.yagura.common.error.StaleEtagException;
import dev.yagura.common.identity.Principal;
import dev.yagura.common.ids.Ids;
import dev.yagura.common.ids.ResourceName;
import dev.yagura.detection.alert.Nanos;
import dev.yagura.proto.detection.v1.Incident;
import dev.yagura.proto.detection.v1.IncidentState;
import dev.yagura.proto.detection.v1.UpdateIncidentRequest;
import dev.yagura.proto.detection.v1.Verdict;
import dev.yagura.proto.detection.v1.VerdictKind;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** What people decide about incidents. */
@ApplicationScoped
class IncidentCatalog {
    private static final int MAX_REASON_BYTES = 4096;
    private static final UUID FINGERPRINTS =
            UUID.fromString("5b2f2d0a-1f6f-5f0e-8f63-5a6f6f3f9c05");
    private static final Set<IncidentState> SETTABLE =
            Set.of(
                    IncidentState.INCIDENT_STATE_UNSPECIFIED,
                    IncidentState.INCIDENT_STATE_OPEN,
                    IncidentState.INCIDENT_STATE_CLOSED);

    private final IncidentStore store;
    private final Clock clock;

    @Inject
    IncidentCatalog(IncidentStore store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    /**
     * One that the caller may see.
     *
     * @throws NotFoundException also when the caller may not know of it
     */
    Incident get(UUID id, Principal caller) {
        return Optional.ofNullable(
                        store.find(List.of(id), IncidentQuery.any(caller.accountIds())).get(id))
                .orElseThrow(() -> missing(id));
    }

    /** Appends a verdict, closes or opens. The same request again changes nothing. */
    Incident update(UpdateIncidentRequest request, Principal caller) {
        UUID id = ResourceName.parse("incidents", request.getName());
        UUID requestId = requestId(request.getRequestId());
        check(request);
        get(id, caller);
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        String fingerprint =
                Ids.v5(
                                FINGERPRINTS,
                                caller.id(),
                                request.getEtag(),
                                request.getVerdict().name(),
                                request.getReason(),
                                request.getState().name())
                        .toString();
        return store.update(
                        new IncidentStore.Request(requestId, id, fingerprint, now),
                        incident -> changed(incident, request, caller, now))
                .orElseThrow(() -> missing(id));
    }

    private static Incident changed(
            Incident incident, UpdateIncidentRequest request, Principal caller, Instant now) {
        if (incident.getState() == IncidentState.INCIDENT_STATE_MERGED) {
            throw new PreconditionFailedException(
                    incident.getName(),
                    "was merged into " + incident.getMergedInto() + "; update that one");
        }
        if (!incident.getEtag().equals(request.getEtag())) {
            throw new StaleEtagException(
                    incident.getName()
                            + " has changed since it was read; read it again, then retry");
        }
        Incident.Builder changed = incident.toBuilder().setUpdateTime(Nanos.timestamp(now));
        if (request.getVerdict() != VerdictKind.VERDICT_KIND_UNSPECIFIED) {
            changed.addVerdicts(
                    Verdict.newBuilder()
                            .setKind(request.getVerdict())
                            .setReason(request.getReason())
                            .setAuthor(caller.id())
                            .setCreateTime(Nanos.timestamp(now)));
        }
        if (request.getState() != IncidentState.INCIDENT_STATE_UNSPECIFIED) {
            changed.setState(request.getState());
        }
        return changed.build();
    }

    private static void check(UpdateIncidentRequest request) {
        if (request.getEtag().isEmpty()) {
            throw new InvalidFieldException(
                    "etag", "is empty", "send the etag of the incident as you last read it");
        }
        boolean judges = request.getVerdict() != VerdictKind.VERDICT_KIND_UNSPECIFIED;
        if (request.getVerdict() == VerdictKind.UNRECOGNIZED) {
            throw new InvalidFieldException(
                    "verdict", "is no verdict known here", "send one of the contract's verdicts");
        }
        if (!SETTABLE.contains(request.getState())) {
            throw new InvalidFieldException(
                    "state", "cannot be set", "send OPEN or CLOSED, or nothing to leave it");
        }
        if (judges && request.getReason().isBlank()) {
            throw new InvalidFieldException(
                    "reason", "is empty", "a verdict needs a reason that others can follow");
        }
        if (!judges && request.getState() == IncidentState.INCIDENT_STATE_UNSPECIFIED) {
            throw new InvalidFieldException(
                    "verdict", "is absent, and so is state", "send a verdict, a state, or both");
        }
        if (request.getReason().getBytes(StandardCharsets.UTF_8).length > MAX_REASON_BYTES) {
            throw new InvalidFieldException(
                    "reason", "is longer than 4 KiB", "shorten it, or link to a longer text");
        }
    }

    private static UUID requestId(String text) {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw new InvalidFieldException(
                    "request_id",
                    text.isEmpty() ? "is empty" : "is not a UUID",
                    "send a UUID made for this request, the same one when you retry it");
        }
    }

    private static NotFoundException missing(UUID id) {
        return new NotFoundException("incident", ResourceName.of("incidents", id));
    }
}
