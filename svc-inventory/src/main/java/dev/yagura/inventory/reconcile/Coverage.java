package dev.yagura.inventory.reconcile;

/** Whether a source knows all there is of a set: "not recorded" must never read as "gone". */
sealed interface Coverage {

    /** A live API: it knows everything, now. */
    record Live() implements Coverage {}

    /** Written down by a recorder that runs. */
    record Recorded() implements Coverage {}

    /**
     * Nobody writes it down.
     *
     * @param reason with the remedy, for people
     */
    record NotRecorded(String reason) implements Coverage {}
}
