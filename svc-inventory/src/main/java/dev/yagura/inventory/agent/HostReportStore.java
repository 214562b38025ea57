package dev.yagura.inventory.agent;

import java.util.Optional;
import java.util.UUID;

/** The last that each agent said of its host; written with its heartbeats. */
public interface HostReportStore {
    Optional<ReceivedReport> find(UUID agentId);
}
