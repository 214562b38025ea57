package dev.yagura.sandbox.wire;

/** An error that AWS would answer: its code, HTTP status and message. */
public final class ApiFault extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String code;
    private final int status;
    private final String text;

    public ApiFault(String code, int status, String text) {
        super(code + ": " + text);
        this.code = code;
        this.status = status;
        this.text = text;
    }

    /** A client error with status 400, as most are. */
    public static ApiFault of(String code, String format, Object... arguments) {
        return new ApiFault(code, 400, format.formatted(arguments));
    }

    public String code() {
        return code;
    }

    public int status() {
        return status;
    }

    public String text() {
        return text;
    }
}
