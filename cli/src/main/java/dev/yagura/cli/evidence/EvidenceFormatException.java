package dev.yagura.cli.evidence;

/** A record, or a line of a file, that is not written as evidence is. */
final class EvidenceFormatException extends Exception {
    private static final long serialVersionUID = 1L;

    /**
     * @param problem goes on after "record 7 "
     */
    EvidenceFormatException(String problem) {
        super(problem);
    }
}
