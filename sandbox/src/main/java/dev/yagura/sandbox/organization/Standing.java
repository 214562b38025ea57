package dev.yagura.sandbox.organization;

/** How an account stands, as Organizations tells it or as whoever wants to enter it finds out. */
public enum Standing {
    ACTIVE,
    /** Its roles can be assumed by nobody of another account; sessions that are open go on. */
    DENYING,
    /** Every call that is signed by one of its identities fails. */
    FAILING,
    /** Nobody gets in, and its keys are good for nothing. */
    SUSPENDED,
    /** It is an account like any other, but Organizations does not list it. */
    LEFT;

    boolean isListed() {
        return this != LEFT;
    }

    boolean admits() {
        return this != DENYING && this != SUSPENDED;
    }
}
