package dev.yagura.inventory.agent;

import java.time.Instant;

/**
 * Agents of instances that are gone. Each call is one transaction, with its changes in the feed.
 */
interface RetirementStore {
    /**
     * Retires agents whose instance is a tombstone.
     *
     * @param silentSince who was heard later is there, whatever was read of its instance
     * @return how many
     */
    int retire(Instant now, Instant silentSince, int limit);

    /**
     * Lets agents connect again whose instance was no tombstone after all.
     *
     * @param retiredSince those that were retired earlier stay so
     * @return how many
     */
    int readmit(Instant now, Instant retiredSince, int limit);
}
