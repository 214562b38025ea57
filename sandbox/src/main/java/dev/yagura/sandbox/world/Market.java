package dev.yagura.sandbox.world;

/** How an instance was bought. */
public enum Market {
    ON_DEMAND,
    /** By a request that ends with it. */
    SPOT,
    /** By a request that stays: the instance can be stopped. */
    PERSISTENT_SPOT
}
