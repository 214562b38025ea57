package dev.yagura.sandbox.document;

import java.util.Arrays;
import java.util.Optional;

/** Values of {@code platformType}. */
public enum Platform {
    LINUX("Linux"),
    MACOS("MacOS"),
    WINDOWS("Windows");

    private final String text;

    Platform(String text) {
        this.text = text;
    }

    public String text() {
        return text;
    }

    static Optional<Platform> of(String text) {
        return Arrays.stream(values()).filter(platform -> platform.text.equals(text)).findFirst();
    }
}
