package dev.yagura.inventory.agent;

import java.util.Map;
import java.util.UUID;

/** Where heartbeats are written. */
interface HeartbeatStore {

    /** Writes those that are newer than what is known, of agents that are not revoked. */
    void write(Map<UUID, Heartbeat> heartbeats);
}
