package dev.yagura.inventory.posture;

/** One question about a host. */
interface HostCheck {
    /** As policies name it, such as "imdsv2-required". */
    String id();

    /** Whether it makes sense for the host at all. */
    boolean concerns(HostFacts facts);

    CheckResult of(HostFacts facts);
}
