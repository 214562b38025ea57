package dev.yagura.sigma.taxonomy;

/** A mapping file says something that cannot be; the text names the file, line and key. */
public final class MappingException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * What is wrong.
     *
     * @param line from 1; 0 when it is the file as a whole
     */
    MappingException(String file, int line, String message) {
        super(file + (line == 0 ? "" : ":" + line) + ": " + message);
    }
}
