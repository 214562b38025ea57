package dev.yagura.inventory.agent;

import java.util.Collection;
import java.util.Map;
import java.util.UUID;

/** The last that each agent said of its host; written with its heartbeats. */
public interface HostReportStore {
    Map<UUID, ReceivedReport> find(Collection<UUID> agentIds);
}
