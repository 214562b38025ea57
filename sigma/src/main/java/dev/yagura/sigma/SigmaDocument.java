package dev.yagura.sigma;

import java.util.List;

/** What became of one YAML document of a file. */
public sealed interface SigmaDocument {

    /** The document's text, from its first line to before the next "---". */
    String text();

    /**
     * A rule that can be compiled.
     *
     * @param warnings what is odd about it
     */
    record Valid(SigmaRule rule, List<Diagnostic> warnings, String text) implements SigmaDocument {
        public Valid {
            warnings = List.copyOf(warnings);
        }
    }

    /**
     * A correlation, whose references nobody has looked up yet.
     *
     * @param warnings what is odd about it
     */
    record Correlation(SigmaCorrelation correlation, List<Diagnostic> warnings, String text)
            implements SigmaDocument {
        public Correlation {
            warnings = List.copyOf(warnings);
        }
    }

    /**
     * A filter, whose references nobody has looked up yet.
     *
     * @param warnings what is odd about it
     */
    record Filter(SigmaFilter filter, List<Diagnostic> warnings, String text)
            implements SigmaDocument {
        public Filter {
            warnings = List.copyOf(warnings);
        }
    }

    /**
     * Of no kind, or broken.
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
