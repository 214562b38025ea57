package dev.yagura.response.invocation;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A function that may be invoked.
 *
 * @param qualifier number of a version, or name of an alias
 * @param codeSha256 of its code, as Lambda gives it: in base64
 */
record AllowedFunction(String name, String qualifier, String codeSha256) {
    /** The code that is not published is not among them: it can change while it is looked at. */
    private static final Pattern FORM =
            Pattern.compile("([a-zA-Z0-9_-]{1,64}):([a-zA-Z0-9_-]{1,128})=([A-Za-z0-9+/]{43}=)");

    /** NAME:QUALIFIER=SHA256; empty when it is not of that form. */
    static Optional<AllowedFunction> parse(String text) {
        Matcher parts = FORM.matcher(text);
        return parts.matches()
                ? Optional.of(new AllowedFunction(parts.group(1), parts.group(2), parts.group(3)))
                : Optional.empty();
    }

    @Override
    public String toString() {
        return name + ":" + qualifier;
    }
}
