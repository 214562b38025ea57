package dev.yagura.sandbox;

import static dev.yagura.sandbox.AwsErrors.refused;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.ssm.SsmClient;
import software.amazon.awssdk.services.ssm.model.DocumentDescription;
import software.amazon.awssdk.services.ssm.model.DocumentFormat;
import software.amazon.awssdk.services.ssm.model.DocumentHashType;
import software.amazon.awssdk.services.ssm.model.DocumentIdentifier;
import software.amazon.awssdk.services.ssm.model.DocumentParameter;
import software.amazon.awssdk.services.ssm.model.DocumentStatus;
import software.amazon.awssdk.services.ssm.model.DocumentType;
import software.amazon.awssdk.services.ssm.model.GetDocumentResponse;
import software.amazon.awssdk.services.ssm.model.PlatformType;

class DocumentsTest {
    private static final String NAME = "Yagura-ListProcesses";
    private static final String CONTENT =
            """
            {
              "schemaVersion": "2.2",
              "description": "Lists processes of a user.",
              "parameters": {
                "user": {"type": "String", "allowedPattern": "[a-z]+", "maxChars": 8},
                "columns": {"type": "StringList", "default": ["pid", "args"]}
              },
              "mainSteps": [{
                "action": "aws:runShellScript",
                "name": "list",
                "precondition": {"StringEquals": ["platformType", "Linux"]},
                "inputs": {"runCommand": ["ps -u {{ user }} # {{ columns }}"], "timeoutSeconds": "60"}
              }]
            }
            """;
    private static final String CHANGED = CONTENT.replace("Lists processes", "Lists all processes");

    @RegisterExtension static final SandboxExtension SANDBOX = new SandboxExtension();

    @TempDir Path folder;

    private final SsmClient ssm = SANDBOX.ssm();

    @Test
    void describesWhatWasCreated() {
        DocumentDescription created = create(CONTENT);

        assertThat(created.hash()).isEqualTo(sha256(CONTENT));
        assertThat(created.hashType()).isEqualTo(DocumentHashType.SHA256);
        assertThat(created.owner()).isEqualTo(Seeded.ACCOUNT);
        assertThat(created.status()).isEqualTo(DocumentStatus.ACTIVE);
        assertThat(created.documentVersion()).isEqualTo("1");
        assertThat(created.documentType()).isEqualTo(DocumentType.COMMAND);
        assertThat(created.documentFormat()).isEqualTo(DocumentFormat.JSON);
        assertThat(created.schemaVersion()).isEqualTo("2.2");
        assertThat(created.description()).isEqualTo("Lists processes of a user.");
        assertThat(created.platformTypes()).containsExactly(PlatformType.LINUX);
        assertThat(created.parameters())
                .extracting(
                        DocumentParameter::name,
                        DocumentParameter::typeAsString,
                        DocumentParameter::defaultValue)
                .containsExactly(
                        tuple("user", "String", null),
                        tuple("columns", "StringList", "[\"pid\",\"args\"]"));
        assertThat(describe("$LATEST")).isEqualTo(created);
        assertThat(get("1").content()).isEqualTo(CONTENT);
    }

    @Test
    void aDocumentWithoutPreconditionIsForEveryPlatform() {
        DocumentDescription created =
                create(
                        CONTENT.replaceFirst(
                                "\"precondition\": \\{\"StringEquals\": \\[[^]]*]},", ""));

        assertThat(created.platformTypes())
                .containsExactly(PlatformType.LINUX, PlatformType.MAC_OS, PlatformType.WINDOWS);
    }

    @Test
    void aNewVersionIsLatestAndBecomesDefaultOnlyWhenAsked() {
        create(CONTENT);
        DocumentDescription second = update("$LATEST", CHANGED);

        assertThat(second.documentVersion()).isEqualTo("2");
        assertThat(second.hash()).isEqualTo(sha256(CHANGED));
        assertThat(second.latestVersion()).isEqualTo("2");
        assertThat(second.defaultVersion()).isEqualTo("1");
        assertThat(get("$LATEST").content()).isEqualTo(CHANGED);
        assertThat(get("$DEFAULT").content()).isEqualTo(CONTENT);

        assertThat(
                        ssm.updateDocumentDefaultVersion(r -> r.name(NAME).documentVersion("2"))
                                .description()
                                .defaultVersion())
                .isEqualTo("2");
        assertThat(describe("$DEFAULT").hash()).isEqualTo(sha256(CHANGED));
        assertThat(describe("1").hash()).isEqualTo(sha256(CONTENT));
    }

    @Test
    void listsByNameAndOwner() {
        create(CONTENT);
        create("Other-Document", CONTENT);

        assertThat(list("Owner", "Self")).containsExactly("Other-Document", NAME);
        assertThat(list("Owner", "Amazon")).containsExactly("AWS-RunShellScript");
        assertThat(list("Name", "Yagura-")).containsExactly(NAME);
        assertThat(
                        ssm.listDocumentsPaginator(r -> r.maxResults(1)).stream()
                                .flatMap(page -> page.documentIdentifiers().stream())
                                .map(DocumentIdentifier::name))
                .containsExactly("AWS-RunShellScript", "Other-Document", NAME);
        refused(() -> list("Colour", "red"), "InvalidFilterKey");
        refused(() -> list("Owner", "Nobody"), "ValidationException");
    }

    @Test
    void awsDocumentsAreThereAndBelongToAws() {
        DocumentDescription script =
                ssm.describeDocument(r -> r.name("AWS-RunShellScript")).document();

        assertThat(script.owner()).isEqualTo("Amazon");
        assertThat(script.schemaVersion()).isEqualTo("1.2");
        assertThat(script.platformTypes()).containsExactly(PlatformType.LINUX, PlatformType.MAC_OS);
        assertThat(script.parameters())
                .extracting(DocumentParameter::name)
                .containsExactly("commands", "workingDirectory", "executionTimeout");
        refused(() -> ssm.deleteDocument(r -> r.name("AWS-RunShellScript")), "InvalidDocument");
        refused(() -> create("AWS-Mine", CONTENT), "ValidationException");
    }

    @Test
    void aDeletedDocumentIsGone() {
        create(CONTENT);
        ssm.deleteDocument(r -> r.name(NAME));

        refused(() -> describe("$DEFAULT"), "InvalidDocument");
        refused(() -> get("1"), "InvalidDocument");
        refused(() -> ssm.deleteDocument(r -> r.name(NAME)), "InvalidDocument");
        refused(() -> update("$LATEST", CHANGED), "InvalidDocument");
        assertThat(create(CHANGED).documentVersion()).isEqualTo("1");
    }

    @Test
    void refusesWhatAwsRefuses() {
        create(CONTENT);

        refused(() -> create(CHANGED), "DocumentAlreadyExists");
        refused(() -> create("a", CONTENT), "ValidationException");
        refused(() -> update("$LATEST", CONTENT), "DuplicateDocumentContent");
        refused(() -> update("2", CHANGED), "InvalidDocumentVersion");
        refused(
                () -> ssm.updateDocument(r -> r.name(NAME).content(CHANGED)),
                "InvalidDocumentVersion");
        refused(() -> update("$LATEST", "{"), "InvalidDocumentContent");
        update("1", CHANGED);
        refused(() -> update("1", CONTENT + " "), "InvalidDocumentVersion");
        refused(() -> describe("3"), "InvalidDocumentVersion");
        refused(() -> get("newest"), "InvalidDocumentVersion");
        refused(
                () ->
                        ssm.updateDocumentDefaultVersion(
                                r -> r.name(NAME).documentVersion("$LATEST")),
                "InvalidDocumentVersion");
        refused(
                () -> create("Large-Document", CONTENT + " ".repeat(64 * 1024)),
                "MaxDocumentSizeExceeded");
        refused(
                () ->
                        ssm.createDocument(r ->
                                r.name("Yaml-Document")
                                        .content(CONTENT)
                                        .documentFormat(DocumentFormat.YAML)),
                "InvalidDocumentContent");
        refused(
                () ->
                        ssm.createDocument(r ->
                                r.name("Automation-Document")
                                        .content(CONTENT)
                                        .documentType(DocumentType.AUTOMATION)),
                "InvalidDocumentContent");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    "2.2"                       | "0.3"                          | schemaVersion 2.2 only
                    "schemaVersion"             | "version": "1", "schemaVersion" | does not know version
                    "description"               | "schemaVersion"                | Duplicate
                    "String", "allowedPattern"  | "Integer", "allowedPattern"    | String and StringList only
                    "user": {                   | "the_user": {                  | letters and digits
                    "[a-z]+"                    | "[a-z"                         | no regular expression
                    "maxChars": 8               | "maxChars": -1                 | number from 0
                    "maxChars": 8               | "default": "ROOT"              | does not match the allowed pattern
                    aws:runShellScript          | aws:runPowerShellScript        | aws:runShellScript only
                    "platformType", "Linux"     | "platformType", "BeOS"         | Linux, MacOS or Windows
                    "name": "list"              | "name": "a list"               | letters, digits and _
                    "timeoutSeconds": "60"      | "workingDirectory": "/tmp"     | does not know workingDirectory
                    "timeoutSeconds": "60"      | "timeoutSeconds": "soon"       | number of seconds
                    "ps -u {{ user }}           | "ps -u {{ name }}              | no parameter of the document
                    "ps -u {{ user }}           | "ps -u {{ ssm:user }}          | no parameter of the document
                    "ps -u {{ user }} # {{ columns }}" | "set -e", "{{ columns }}" | cannot stand for one line
                    ["ps -u {{ user }} # {{ columns }}"] | []                    | at least one line
                    """)
    void refusesContentThatItWouldNotHonour(String text, String replacement, String reason) {
        String content = CONTENT.replace(text, replacement);
        assertThat(content).isNotEqualTo(CONTENT);

        assertThat(refused(() -> create(content), "InvalidDocumentContent").getMessage())
                .contains(reason);
    }

    @Test
    void refusesTwoStepsForOnePlatform() {
        String step = CONTENT.substring(CONTENT.indexOf("[{") + 1, CONTENT.lastIndexOf("]"));
        String both = CONTENT.replace(step, step + "," + step.replace("\"list\"", "\"again\""));

        assertThat(refused(() -> create(both), "InvalidDocumentContent").getMessage())
                .contains("again is the second for Linux");
    }

    @Test
    void startsWithTheDocumentsOfAFolder() throws IOException {
        Files.writeString(folder.resolve(NAME + ".json"), CONTENT);
        Files.writeString(folder.resolve("README.md"), "not a document");
        try (SandboxExtension sandbox =
                new SandboxExtension(
                        SandboxOptions.anyPort().withDocuments(folder), Clock.systemUTC())) {
            sandbox.ssm().deleteDocument(r -> r.name(NAME));
            sandbox.control().reset();

            assertThat(sandbox.ssm().describeDocument(r -> r.name(NAME)).document().hash())
                    .isEqualTo(sha256(CONTENT));
        }
    }

    @Test
    void doesNotStartWithABadDocument() throws IOException {
        Files.writeString(folder.resolve("Bad-Document.json"), "{}");
        SandboxOptions options = SandboxOptions.anyPort().withDocuments(folder);

        assertThatThrownBy(() -> SandboxServer.start(options, Clock.systemUTC()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Bad-Document.json")
                .hasMessageContaining("schemaVersion");
    }

    private DocumentDescription create(String content) {
        return create(NAME, content);
    }

    private DocumentDescription create(String name, String content) {
        return ssm.createDocument(
                        r -> r.name(name).content(content).documentType(DocumentType.COMMAND))
                .documentDescription();
    }

    private DocumentDescription update(String version, String content) {
        return ssm.updateDocument(r -> r.name(NAME).content(content).documentVersion(version))
                .documentDescription();
    }

    private DocumentDescription describe(String version) {
        return ssm.describeDocument(r -> r.name(NAME).documentVersion(version)).document();
    }

    private GetDocumentResponse get(String version) {
        return ssm.getDocument(r -> r.name(NAME).documentVersion(version));
    }

    private List<String> list(String key, String value) {
        return ssm
                .listDocuments(r -> r.filters(f -> f.key(key).values(value)))
                .documentIdentifiers()
                .stream()
                .map(DocumentIdentifier::name)
                .toList();
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
