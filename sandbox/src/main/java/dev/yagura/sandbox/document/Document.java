package dev.yagura.sandbox.document;

import dev.yagura.sandbox.wire.ApiFault;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** A document with its versions. */
public final class Document {
    /** Owner of those that AWS provides. */
    public static final String AMAZON = "Amazon";

    private final String name;
    private final String owner;
    private final List<DocumentVersion> versions = new ArrayList<>();
    private int standard = 1;

    Document(String name, String owner, String text, DocumentContent content, Instant now) {
        this.name = name;
        this.owner = owner;
        add(text, content, now);
    }

    public String name() {
        return name;
    }

    /** An account id, or {@link #AMAZON}. */
    public String owner() {
        return owner;
    }

    public DocumentVersion latest() {
        return versions.getLast();
    }

    public DocumentVersion defaultVersion() {
        return versions.get(standard - 1);
    }

    /**
     * A version by what AWS calls it.
     *
     * @param label a number, {@code $DEFAULT} or {@code $LATEST}
     * @throws ApiFault InvalidDocumentVersion
     */
    public DocumentVersion version(String label) {
        return switch (label) {
            case "$DEFAULT" -> defaultVersion();
            case "$LATEST" -> latest();
            default ->
                    versions.stream()
                            .filter(version -> Integer.toString(version.number()).equals(label))
                            .findFirst()
                            .orElseThrow(() -> noSuchVersion(label));
        };
    }

    DocumentVersion add(String text, DocumentContent content, Instant now) {
        DocumentVersion version = new DocumentVersion(versions.size() + 1, text, content, now);
        versions.add(version);
        return version;
    }

    void setDefault(DocumentVersion version) {
        standard = version.number();
    }

    boolean has(String text) {
        return versions.stream().anyMatch(version -> version.text().equals(text));
    }

    ApiFault noSuchVersion(String label) {
        return ApiFault.of(
                "InvalidDocumentVersion",
                "The document version %s of %s is not valid or does not exist.",
                label,
                name);
    }
}
