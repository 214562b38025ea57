package dev.yagura.detection.incident;

import dev.yagura.proto.detection.v1.Incident;
import java.util.UUID;

/** An incident as the store has it; version 0 is not stored yet. */
record StoredIncident(UUID id, UUID hostId, long version, Incident incident) {}
