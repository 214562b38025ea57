package dev.yagura.sigma.pack;

import dev.yagura.sigma.Diagnostic;
import dev.yagura.sigma.SigmaDocument;
import dev.yagura.sigma.SigmaParser;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the documents of a pack's files and names each. */
final class PackParser {
    private static final int KEY_LENGTH = 32;
    private static final Pattern UUID =
            Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    private final SigmaParser parser;

    PackParser(SigmaParser parser) {
        this.parser = parser;
    }

    ParsedPack parse(RulePack pack) {
        List<PackDocument> documents = new ArrayList<>();
        Map<String, String> pathById = new HashMap<>();
        for (RulePack.RuleFile file : pack.files()) {
            int index = 0;
            for (SigmaDocument document : documents(file)) {
                documents.add(document(pack.name(), file.path(), index++, document, pathById));
            }
        }
        return new ParsedPack(pack.name(), documents);
    }

    private List<SigmaDocument> documents(RulePack.RuleFile file) {
        if (!file.problem().isEmpty()) {
            return List.of(
                    new SigmaDocument.Invalid(
                            "", "", List.of(Diagnostic.ofFile(file.problem())), ""));
        }
        List<SigmaDocument> documents = parser.parse(file.text());
        return documents.isEmpty()
                ? List.of(
                        new SigmaDocument.Invalid(
                                "", "", List.of(Diagnostic.ofFile("the file is empty")), ""))
                : documents;
    }

    private static PackDocument document(
            String pack,
            String path,
            int index,
            SigmaDocument document,
            Map<String, String> pathById) {
        String derived = ContentHash.of(pack + '\n' + path + '\n' + index).substring(0, KEY_LENGTH);
        PackDocument found = new PackDocument(pack, path, derived, document, Optional.empty());
        if (document instanceof SigmaDocument.Invalid || found.id().isEmpty()) {
            return found;
        }
        @Nullable String other = pathById.putIfAbsent(found.id(), path);
        if (other != null) {
            return new PackDocument(
                    pack,
                    path,
                    derived,
                    document,
                    Optional.of(
                            Diagnostic.ofFile(
                                    "id " + found.id() + " is already that of " + other)));
        }
        return UUID.matcher(found.id()).matches() ? found.withKey(found.id()) : found;
    }
}
