package dev.yagura.sigma;

import java.util.List;

/** What became of one YAML document of a file. */
public sealed interface SigmaDocument {

    /** The document's text, from its first line to before the next "---". */
    String text();

    /** A rule that can be compiled. */
    record Valid(SigmaRule rule, String text) implements SigmaDocument {}

    /**
     * Not a rule, or a broken one.
     *
     * @param id as written, empty when it could not be read
     * @param title as written, empty when it could not be read
     */
    record Invalid(String id, String title, List<Diagnostic> diagnostics, String text)
            implements SigmaDocument {
        public Invalid {
            diagnostics = List.copyOf(diagnostics);
        }
    }
}
