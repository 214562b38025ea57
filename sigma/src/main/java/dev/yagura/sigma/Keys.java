package dev.yagura.sigma;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What is said of keys that are missing or that nobody knows. */
final class Keys {
    private Keys() {}

    /** The value of a key that must be there. */
    static YamlNode required(
            YamlNode parent, Map<String, YamlNode.Entry> entries, String parentName, String key) {
        YamlNode.Entry entry = entries.get(key);
        if (entry == null) {
            throw missing(parent, entries, parentName, key);
        }
        if (entry.value().isNull()) {
            throw entry.key().failure(parentName + " has no " + key);
        }
        return entry.value();
    }

    /** At the key that was probably meant, or at the map that lacks it. */
    static SigmaException missing(
            YamlNode parent, Map<String, YamlNode.Entry> entries, String parentName, String key) {
        String message = parentName + " has no " + key;
        return Spelling.nearest(key, entries.keySet())
                .map(entries::get)
                .map(near ->
                        near.key()
                                .failure(
                                        message
                                                + "; did you mean '"
                                                + key
                                                + "' by '"
                                                + near.key().text()
                                                + "'?"))
                .orElseGet(() -> parent.failure(message));
    }

    /** Refuses keys that nobody would read. */
    static void refuseUnknown(
            Map<String, YamlNode.Entry> entries, String parentName, Set<String> known) {
        for (Map.Entry<String, YamlNode.Entry> entry : entries.entrySet()) {
            if (!known.contains(entry.getKey())) {
                throw entry.getValue()
                        .key()
                        .failure(
                                parentName
                                        + " has no key '"
                                        + entry.getKey()
                                        + "'"
                                        + Spelling.hint(entry.getKey(), known));
            }
        }
    }

    /** Warns of keys that are probably known ones with a slip; others are an author's own. */
    static List<Diagnostic> misspelt(Map<String, YamlNode.Entry> entries, Set<String> known) {
        List<Diagnostic> warnings = new ArrayList<>();
        entries.forEach((key, entry) -> {
            if (!known.contains(key)) {
                String hint = Spelling.hint(key, known);
                if (!hint.isEmpty()) {
                    warnings.add(entry.key().diagnostic("'" + key + "' is not read" + hint));
                }
            }
        });
        return warnings;
    }
}
