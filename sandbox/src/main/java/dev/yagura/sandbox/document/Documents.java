package dev.yagura.sandbox.document;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.yagura.sandbox.wire.ApiFault;
import dev.yagura.sandbox.world.Account;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Every document that the account has or that AWS provides. */
public final class Documents {
    private static final int LARGEST = 64 * 1024;
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_\\-.]{3,128}");
    private static final Pattern NUMBER = Pattern.compile("[1-9]\\d*");

    private final Account account;
    private final TreeMap<String, Document> documents = new TreeMap<>();

    public Documents(Account account, Instant now) {
        this.account = account;
        Document shellScript = AmazonDocuments.runShellScript(now);
        documents.put(shellScript.name(), shellScript);
    }

    /**
     * @throws ApiFault ValidationException, DocumentAlreadyExists, MaxDocumentSizeExceeded or
     *     InvalidDocumentContent
     */
    public Document create(String name, String text, Instant now) {
        checkName(name);
        if (documents.containsKey(name)) {
            throw ApiFault.of(
                    "DocumentAlreadyExists", "Document with same name %s already exists", name);
        }
        Document document = new Document(name, account.id(), text, content(text), now);
        documents.put(name, document);
        return document;
    }

    /**
     * Adds a version, which does not become the default.
     *
     * @param label of the version to update: $LATEST or the latest number
     * @throws ApiFault InvalidDocument, InvalidDocumentVersion, DuplicateDocumentContent,
     *     MaxDocumentSizeExceeded or InvalidDocumentContent
     */
    public DocumentVersion update(String name, String label, String text, Instant now) {
        Document document = own(name);
        if (label.equals("$DEFAULT")
                || document.version(label).number() != document.latest().number()) {
            throw document.noSuchVersion(label);
        }
        DocumentContent content = content(text);
        if (document.has(text)) {
            throw ApiFault.of(
                    "DuplicateDocumentContent",
                    "The content of the document matches another version of %s. Change the content"
                            + " and try again.",
                    name);
        }
        return document.add(text, content, now);
    }

    /**
     * @param number of a version
     * @throws ApiFault InvalidDocument or InvalidDocumentVersion
     */
    public Document setDefault(String name, String number) {
        Document document = own(name);
        if (!NUMBER.matcher(number).matches()) {
            throw document.noSuchVersion(number);
        }
        document.setDefault(document.version(number));
        return document;
    }

    /**
     * @throws ApiFault InvalidDocument
     */
    public void delete(String name) {
        documents.remove(own(name).name());
    }

    /**
     * @throws ApiFault InvalidDocument
     */
    public Document get(String name) {
        return Optional.ofNullable(documents.get(name))
                .orElseThrow(() ->
                        ApiFault.of(
                                "InvalidDocument", "Document with name %s does not exist.", name));
    }

    /** Of a document that may not exist; those that AWS provides belong to no account. */
    public String arn(String name) {
        Document document = documents.get(name);
        boolean amazons = document != null && document.owner().equals(Document.AMAZON);
        return "arn:%s:ssm:%s:%s:document/%s"
                .formatted(
                        account.partition(), account.region(), amazons ? "" : account.id(), name);
    }

    /** In the order of their names. */
    public Collection<Document> all() {
        return Collections.unmodifiableCollection(documents.values());
    }

    /** One that may be changed: those of others do not exist in this account. */
    private Document own(String name) {
        Document document = get(name);
        if (!document.owner().equals(account.id())) {
            throw ApiFault.of(
                    "InvalidDocument",
                    "Document with name %s is not owned by account %s.",
                    name,
                    account.id());
        }
        return document;
    }

    private static void checkName(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        boolean reserved = Stream.of("aws", "amazon", "amzn").anyMatch(lower::startsWith);
        if (!NAME.matcher(name).matches() || reserved) {
            throw ApiFault.of(
                    "ValidationException",
                    "Value '%s' at 'name' failed to satisfy constraint: 3 to 128 letters, digits,"
                            + " _, - and ., not beginning with aws, amazon or amzn",
                    name);
        }
    }

    private static DocumentContent content(String text) {
        if (text.getBytes(UTF_8).length > LARGEST) {
            throw ApiFault.of("MaxDocumentSizeExceeded", "The size limit of a document is 64 KB.");
        }
        return ContentReader.read(text);
    }
}
