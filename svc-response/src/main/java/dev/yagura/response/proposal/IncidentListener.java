package dev.yagura.response.proposal;

import dev.yagura.proto.detection.v1.Incident;

/** What is done about incidents without being asked. */
public interface IncidentListener {

    /**
     * Considers an incident, new or changed. The same one may come any number of times, in any
     * replica.
     *
     * @throws dev.yagura.common.error.DependencyUnavailableException it comes again
     */
    void consider(Incident incident);
}
