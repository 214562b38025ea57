package dev.yagura.sigma.pack;

import dev.yagura.sigma.Diagnostic;
import dev.yagura.sigma.Reference;
import dev.yagura.sigma.Spelling;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Finds rules by id or name: in the pack of whoever asks, otherwise in the other packs. */
final class RuleIndex {
    private final Map<String, List<PackDocument>> rules = new HashMap<>();
    private final Map<String, List<PackDocument>> broken = new HashMap<>();

    RuleIndex(List<PackDocument> documents) {
        for (PackDocument document : documents) {
            Map<String, List<PackDocument>> map = document.isRule() ? rules : broken;
            add(map, document.id(), document);
            if (!document.name().equals(document.id())) {
                add(map, document.name(), document);
            }
        }
    }

    private static void add(
            Map<String, List<PackDocument>> map, String key, PackDocument document) {
        if (!key.isEmpty()) {
            map.computeIfAbsent(key, k -> new ArrayList<>()).add(document);
        }
    }

    /** The rule that is meant; otherwise a diagnostic says why there is none. */
    Optional<PackDocument> find(
            Reference reference, PackDocument from, Consumer<Diagnostic> diagnostics) {
        List<PackDocument> found = rules.getOrDefault(reference.rule(), List.of());
        List<PackDocument> own =
                found.stream().filter(document -> document.pack().equals(from.pack())).toList();
        List<PackDocument> candidates = own.isEmpty() ? found : own;
        if (candidates.size() == 1) {
            return Optional.of(candidates.getFirst());
        }
        diagnostics.accept(
                reference.diagnostic(
                        candidates.isEmpty() ? unknown(reference) : ambiguous(candidates)));
        return Optional.empty();
    }

    private String unknown(Reference reference) {
        List<PackDocument> invalid = broken.getOrDefault(reference.rule(), List.of());
        return invalid.isEmpty()
                ? "there is no rule with the id or name '"
                        + reference.rule()
                        + "'"
                        + Spelling.hint(reference.rule(), rules.keySet())
                : "the rule '"
                        + reference.rule()
                        + "' in "
                        + invalid.getFirst().path()
                        + " cannot be used: it is invalid or of another kind";
    }

    private static String ambiguous(List<PackDocument> candidates) {
        return "several rules have this name: "
                + String.join(
                        ", ",
                        candidates.stream()
                                .map(document -> document.pack() + "/" + document.path())
                                .toList())
                + "; name one by its id";
    }
}
