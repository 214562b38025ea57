package dev.yagura.sigma;

import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/**
 * What a document says about itself. Texts and lists are empty where it says nothing.
 *
 * @param name unique name that correlations may use instead of the id
 * @param taxonomy {@link #DEFAULT_TAXONOMY} when the document names none
 * @param license SPDX identifier
 * @param author several are separated by commas
 * @param fields what to show to an analyst
 * @param scope kinds of machines that the rule is for
 */
public record Metadata(
        String name,
        String taxonomy,
        Optional<Status> status,
        String description,
        String license,
        String author,
        List<String> references,
        Optional<LocalDate> date,
        Optional<LocalDate> modified,
        List<Related> related,
        List<String> fields,
        List<String> falsePositives,
        List<String> scope) {
    public static final String DEFAULT_TAXONOMY = "sigma";

    public Metadata {
        references = List.copyOf(references);
        related = List.copyOf(related);
        fields = List.copyOf(fields);
        falsePositives = List.copyOf(falsePositives);
        scope = List.copyOf(scope);
    }

    /** Maturity. */
    public enum Status {
        STABLE,
        TEST,
        EXPERIMENTAL,
        DEPRECATED,
        UNSUPPORTED
    }

    /** Another rule that this one has to do with. */
    public record Related(String id, Relation type) {}

    /** Kinds of {@link Related}. */
    public enum Relation {
        DERIVED,
        OBSOLETE,
        MERGED,
        RENAMED,
        SIMILAR
    }
}
