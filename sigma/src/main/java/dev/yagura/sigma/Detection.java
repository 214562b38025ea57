package dev.yagura.sigma;

import java.util.List;

/** What a selection asks of an event. */
public sealed interface Detection {
    /** Field name of values that are bound to no field. */
    String KEYWORDS = "";

    /** Every part holds; a map of fields, or values with the modifier all. */
    record All(List<Detection> parts) implements Detection {
        public All {
            parts = List.copyOf(parts);
        }
    }

    /** At least one part holds; a list. */
    record Any(List<Detection> parts) implements Detection {
        public Any {
            parts = List.copyOf(parts);
        }
    }

    /** The part does not hold; the modifier neq. */
    record Not(Detection part) implements Detection {}

    /**
     * The field's value meets the pattern. A missing field meets only {@link Pattern.Missing} and
     * {@link Pattern.Exists} of false.
     *
     * @param field Sigma's name, or {@link #KEYWORDS}
     */
    record Test(String field, Pattern pattern) implements Detection {}
}
