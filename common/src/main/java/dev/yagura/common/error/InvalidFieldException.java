package dev.yagura.common.error;

/** A field of the request is missing or malformed. */
public final class InvalidFieldException extends YaguraException {
    private static final long serialVersionUID = 1L;

    private final String field;
    private final String description;

    public InvalidFieldException(String field, String problem, String remedy) {
        super(field + ": " + problem + "; " + remedy);
        this.field = field;
        this.description = problem + "; " + remedy;
    }

    /** Path of the field in the request, for example "filter.host_id". */
    public String field() {
        return field;
    }

    /** What is wrong and what to send instead. */
    public String description() {
        return description;
    }
}
