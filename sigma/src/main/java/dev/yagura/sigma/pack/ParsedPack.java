package dev.yagura.sigma.pack;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * A pack whose texts are read, before anything is looked up in it or in other packs. Immutable, so
 * that a pack that has not changed need not be read again when another one has.
 */
public final class ParsedPack {
    private final String name;
    private final List<PackDocument> documents;

    ParsedPack(String name, List<PackDocument> documents) {
        this.name = name;
        this.documents = List.copyOf(documents);
    }

    public String name() {
        return name;
    }

    List<PackDocument> documents() {
        return documents;
    }

    /** Names of all that is in it, whatever its state. */
    public Set<String> ruleNames() {
        return documents.stream().map(PackDocument::ruleName).collect(Collectors.toSet());
    }

    /**
     * The same documents under other last parts of their names.
     *
     * @param keyOfPath from a path inside the pack; every file has one document
     */
    public ParsedPack keyedBy(UnaryOperator<String> keyOfPath) {
        return new ParsedPack(
                name,
                documents.stream()
                        .map(document -> document.withKey(keyOfPath.apply(document.path())))
                        .toList());
    }

    /**
     * The pack with one document of this last part of its name, in place of any that has it or the
     * same id.
     */
    public ParsedPack with(String key, ParsedPack one) {
        if (one.documents.size() != 1) {
            throw new IllegalArgumentException(
                    "expected one document, got " + one.documents.size());
        }
        PackDocument added = one.documents.getFirst();
        List<PackDocument> all = new ArrayList<>();
        for (PackDocument document : documents) {
            boolean replaced =
                    document.key().equals(key)
                            || (!added.id().isEmpty() && document.id().equals(added.id()));
            if (!replaced) {
                all.add(document);
            }
        }
        all.add(new PackDocument(name, added.path(), key, added.document(), added.duplicate()));
        return new ParsedPack(name, all);
    }
}
