package dev.yagura.detection.rule;

import dev.yagura.detection.sigma.Diagnostic;
import dev.yagura.detection.sigma.SigmaRule;
import java.util.List;
import java.util.Optional;

/**
 * One rule of a pack, in whatever state.
 *
 * @param key last part of its name: the id, or a derived one when the rule's own cannot be used
 * @param id as written; empty when the rule has none
 * @param sourcePath inside the pack
 * @param contentHash SHA-256 of the text, hexadecimal
 * @param diagnostics why it did not load or cannot fire; of an active rule, what it cannot see
 * @param sigma empty when it did not load
 */
record Rule(
        String pack,
        String key,
        String id,
        String title,
        String sourcePath,
        String contentHash,
        State state,
        List<Diagnostic> diagnostics,
        Optional<SigmaRule> sigma,
        String text) {

    enum State {
        ACTIVE,
        CANNOT_FIRE,
        INVALID
    }

    Rule {
        diagnostics = List.copyOf(diagnostics);
    }

    /** "rules/{pack}/{key}" */
    String name() {
        return "rules/" + pack + "/" + key;
    }
}
