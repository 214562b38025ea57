package dev.yagura.inventory.coverage;

import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Numbers of a version, such as 1.4.0; a suffix like "-SNAPSHOT" makes no difference. */
record AgentVersion(String text, int major, int minor, int patch)
        implements Comparable<AgentVersion> {
    private static final Pattern FORM =
            Pattern.compile("(\\d{1,9})\\.(\\d{1,9})(?:\\.(\\d{1,9}))?(?:[-+.].*)?");

    /** Empty for a text that is no version. */
    static Optional<AgentVersion> parse(String text) {
        Matcher form = FORM.matcher(text);
        return form.matches()
                ? Optional.of(
                        new AgentVersion(text, number(form, 1), number(form, 2), number(form, 3)))
                : Optional.empty();
    }

    private static int number(Matcher form, int group) {
        @Nullable String digits = form.group(group);
        return digits == null ? 0 : Integer.parseInt(digits);
    }

    @Override
    public int compareTo(AgentVersion other) {
        return Arrays.compare(
                new int[] {major, minor, patch}, new int[] {other.major, other.minor, other.patch});
    }
}
