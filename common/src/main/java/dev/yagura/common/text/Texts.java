package dev.yagura.common.text;

import dev.yagura.common.error.InvalidFieldException;

/** Texts of requests that are stored, shown or compared: bounded, one line, printable. */
public final class Texts {
    private Texts() {}

    /**
     * The text, or an error that names the field.
     *
     * @param max characters at most
     */
    public static String optional(String field, String text, int max) {
        if (text.length() > max) {
            throw new InvalidFieldException(
                    field, "is longer than " + max + " characters", "shorten it");
        }
        if (text.chars().anyMatch(Character::isISOControl)) {
            throw new InvalidFieldException(
                    field, "holds control characters", "send one line of printable text");
        }
        return text.strip();
    }

    /** Like {@link #optional}; must not be blank. */
    public static String required(String field, String text, int max) {
        String stripped = optional(field, text, max);
        if (stripped.isEmpty()) {
            throw new InvalidFieldException(field, "is empty", "it is required");
        }
        return stripped;
    }

    /** What fits: for texts of agents, where a refusal would silence a host. */
    public static String clip(String text, int max) {
        String printable = text.replaceAll("\\p{Cntrl}", " ").strip();
        if (printable.length() <= max) {
            return printable;
        }
        int end = Character.isHighSurrogate(printable.charAt(max - 1)) ? max - 1 : max;
        return printable.substring(0, end);
    }
}
