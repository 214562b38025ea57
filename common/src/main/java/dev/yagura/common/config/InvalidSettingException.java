package dev.yagura.common.config;

/** A key of the configuration that stops the start. */
public final class InvalidSettingException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public InvalidSettingException(String key, String problem) {
        super(key + ": " + problem);
    }
}
