package dev.yagura.inventory.software;

/** What Systems Manager says when it is asked for the software of a host. */
sealed interface SoftwareAnswer {
    /** It is what is known. */
    record Same() implements SoftwareAnswer {}

    /** It knows nothing of that host's software. */
    record Nothing() implements SoftwareAnswer {}

    record Listed(SoftwareReport report) implements SoftwareAnswer {}
}
