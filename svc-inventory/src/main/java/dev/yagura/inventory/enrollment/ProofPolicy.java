package dev.yagura.inventory.enrollment;

/** What becomes of an instance id that nothing proves. */
enum ProofPolicy {
    /** It is refused. */
    REQUIRED,
    /** It is taken, and the agent is marked. */
    ACCEPTED
}
