package dev.yagura.sandbox.flow;

/** Where on its path a packet was decided. */
public enum Stage {
    /** An instance that is not running, or an address that nothing has. */
    HOST,
    /** Resolver, instance metadata or time sync, which no filter of the VPC sees. */
    LOCAL_SERVICE,
    ROUTE,
    SECURITY_GROUP,
    NETWORK_ACL,
    /** Every stage let it pass. */
    DELIVERED
}
