package dev.yagura.sigma.pack;

import dev.yagura.sigma.Diagnostic;
import dev.yagura.sigma.SigmaDocument;
import java.util.Optional;

/**
 * One document of a pack, before anything is looked up.
 *
 * @param path inside the pack
 * @param key last part of its name
 * @param duplicate said when another document of the pack has its id
 */
record PackDocument(
        String pack,
        String path,
        String key,
        SigmaDocument document,
        Optional<Diagnostic> duplicate) {

    PackDocument withKey(String other) {
        return new PackDocument(pack, path, other, document, duplicate);
    }

    /** "rules/{pack}/{key}" */
    String ruleName() {
        return "rules/" + pack + "/" + key;
    }

    String id() {
        return switch (document) {
            case SigmaDocument.Valid valid -> valid.rule().id();
            case SigmaDocument.Correlation correlation -> correlation.correlation().id();
            case SigmaDocument.Filter filter -> filter.filter().id();
            case SigmaDocument.Invalid invalid -> invalid.id();
        };
    }

    String title() {
        return switch (document) {
            case SigmaDocument.Valid valid -> valid.rule().title();
            case SigmaDocument.Correlation correlation -> correlation.correlation().title();
            case SigmaDocument.Filter filter -> filter.filter().title();
            case SigmaDocument.Invalid invalid -> invalid.title();
        };
    }

    /** The name by which correlations refer to it; empty when it has none. */
    String name() {
        return switch (document) {
            case SigmaDocument.Valid valid -> valid.rule().metadata().name();
            case SigmaDocument.Correlation correlation ->
                    correlation.correlation().metadata().name();
            case SigmaDocument.Filter filter -> "";
            case SigmaDocument.Invalid invalid -> "";
        };
    }

    /** Whether correlations and filters may refer to it. */
    boolean isRule() {
        return duplicate.isEmpty()
                && (document instanceof SigmaDocument.Valid
                        || document instanceof SigmaDocument.Correlation);
    }
}
