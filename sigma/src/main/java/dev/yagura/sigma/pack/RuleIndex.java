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
        List<PackDocument> candidates = candidates(reference, from);
        if (candidates.size() == 1) {
            return Optional.of(candidates.getFirst());
        }
        diagnostics.accept(
                reference.diagnostic(
                        candidates.isEmpty()
                                ? unknown(reference)
                                : ambiguous(reference, candidates)));
        return Optional.empty();
    }

    /** Like {@link #find}; but a rule that several other packs have is meant in each of them. */
    List<PackDocument> findAll(
            Reference reference, PackDocument from, Consumer<Diagnostic> diagnostics) {
        List<PackDocument> candidates = candidates(reference, from);
        return candidates.size() > 1 && haveId(candidates, reference)
                ? candidates
                : find(reference, from, diagnostics).stream().toList();
    }

    private List<PackDocument> candidates(Reference reference, PackDocument from) {
        List<PackDocument> found = rules.getOrDefault(reference.rule(), List.of());
        List<PackDocument> own =
                found.stream().filter(document -> document.pack().equals(from.pack())).toList();
        return own.isEmpty() ? found : own;
    }

    private static boolean haveId(List<PackDocument> candidates, Reference reference) {
        return candidates.stream().allMatch(document -> document.id().equals(reference.rule()));
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
                        + place(invalid.getFirst())
                        + " cannot be used: it is invalid or of another kind";
    }

    private static String ambiguous(Reference reference, List<PackDocument> candidates) {
        String places = String.join(", ", candidates.stream().map(RuleIndex::place).toList());
        return haveId(candidates, reference)
                ? "several packs have the rule of this id: "
                        + places
                        + "; keep it in one pack, or refer to it from within the pack that is"
                        + " meant"
                : "several rules have this name: " + places + "; name one by its id";
    }

    private static String place(PackDocument document) {
        return document.pack() + "/" + document.path();
    }
}
