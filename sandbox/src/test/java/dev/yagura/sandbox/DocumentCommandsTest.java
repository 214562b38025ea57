package dev.yagura.sandbox;

import static dev.yagura.sandbox.AwsErrors.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.sandbox.control.SandboxClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.ssm.SsmClient;
import software.amazon.awssdk.services.ssm.model.Command;
import software.amazon.awssdk.services.ssm.model.DocumentHashType;
import software.amazon.awssdk.services.ssm.model.GetCommandInvocationResponse;
import software.amazon.awssdk.services.ssm.model.SendCommandRequest;

/** Commands of documents of our own: versions, hashes, parameters. */
class DocumentCommandsTest {
    private static final String NAME = "Yagura-Stop";
    private static final String CONTENT =
            """
            {"schemaVersion": "2.2",
             "parameters": {
               "pid": {"type": "String", "allowedPattern": "[1-9][0-9]*", "maxChars": 7},
               "signal": {"type": "String", "allowedValues": ["TERM", "KILL"], "default": "TERM"},
               "hosts": {"type": "StringList", "default": [], "maxItems": 2, "minChars": 2}},
             "mainSteps": [{
               "action": "aws:runShellScript", "name": "stop",
               "inputs": {"runCommand": ["kill -s {{ signal }} {{ pid }} # {{ hosts }}"],
                          "timeoutSeconds": 30}}]}
            """;

    @RegisterExtension static final SandboxExtension SANDBOX = new SandboxExtension();

    private final SsmClient ssm = SANDBOX.ssm();
    private final SandboxClient control = SANDBOX.control();
    private String hash = "";

    @BeforeEach
    void createDocument() {
        hash = ssm.createDocument(r -> r.name(NAME).content(CONTENT)).documentDescription().hash();
    }

    @Test
    void runsTheVersionThatWasAskedFor() {
        ssm.updateDocument(r ->
                r.name(NAME)
                        .documentVersion("$LATEST")
                        .content(CONTENT.replace("kill -s", "echo")));
        control.arrangeOutcome("web-1", "echo TERM 42 # []", 0, "second", Duration.ofSeconds(1));
        control.arrangeOutcome("web-1", "kill -s TERM 42", 0, "first", Duration.ofSeconds(1));

        String first = send(r -> r.parameters(pid("42")));
        String second = send(r -> r.parameters(pid("42")).documentVersion("2"));
        control.advance(Duration.ofSeconds(5));

        assertThat(invocation(first).standardOutputContent()).isEqualTo("first");
        assertThat(invocation(first).documentVersion()).isEqualTo("$DEFAULT");
        assertThat(invocation(first).documentName()).isEqualTo(NAME);
        assertThat(invocation(second).standardOutputContent()).isEqualTo("second");
        assertThat(invocation(second).documentVersion()).isEqualTo("2");
        assertThat(command(second).documentVersion()).isEqualTo("2");
        assertThat(command(second).documentName()).isEqualTo(NAME);
        refused(
                () -> send(r -> r.parameters(pid("42")).documentVersion("3")),
                "InvalidDocumentVersion");
    }

    @Test
    void runsOnlyWhatHasTheHashThatWasAskedFor() {
        Consumer<SendCommandRequest.Builder> pinned =
                r ->
                        r.parameters(pid("42"))
                                .documentVersion("$LATEST")
                                .documentHash(hash)
                                .documentHashType(DocumentHashType.SHA256);
        assertThat(command(send(pinned)).documentVersion()).isEqualTo("$LATEST");

        ssm.updateDocument(r ->
                r.name(NAME).documentVersion("$LATEST").content(CONTENT.replace("kill", "echo")));
        assertThat(refused(() -> send(pinned), "InvalidDocument").getMessage())
                .contains("The document hash " + hash + " does not match");
        refused(
                () ->
                        send(r ->
                                r.parameters(pid("42"))
                                        .documentHash(hash)
                                        .documentHashType(DocumentHashType.SHA1)),
                "ValidationException");
    }

    @Test
    void theStepsTimeoutCounts() {
        control.arrangeOutcome("web-1", "kill", 0, "", Duration.ofMinutes(1));
        String id = send(r -> r.parameters(pid("42")));
        control.advance(Duration.ofSeconds(35));

        assertThat(invocation(id).statusDetails()).isEqualTo("ExecutionTimedOut");
    }

    @Test
    void refusesParametersThatTheDocumentDoesNotAllow() {
        refusedParameters(Map.of(), "pid is required");
        refusedParameters(Map.of("pid", List.of("4;id")), "allowed pattern");
        refusedParameters(Map.of("pid", List.of("42\n")), "allowed pattern");
        refusedParameters(Map.of("pid", List.of("12345678")), "characters");
        refusedParameters(Map.of("pid", List.of("1", "2")), "exactly one value");
        refusedParameters(with("signal", "HUP"), "one of TERM, KILL");
        refusedParameters(with("colour", "red"), "colour is not in the document");
        refusedParameters(with("hosts", "aa", "bb", "cc"), "0 to 2 values");
        refusedParameters(with("hosts", "a"), "characters");
        refusedParameters(with("hosts", "{{ pid }}"), "reference to pid");
    }

    @Test
    void refusesADocumentForOtherPlatforms() {
        ssm.createDocument(r ->
                r.name("Mac-Only")
                        .content(
                                CONTENT.replace(
                                        "\"name\": \"stop\",",
                                        "\"name\": \"stop\", \"precondition\":"
                                                + " {\"StringEquals\": [\"platformType\","
                                                + " \"MacOS\"]},")));

        refused(
                () -> send(r -> r.documentName("Mac-Only").parameters(pid("42"))),
                "UnsupportedPlatformType");
    }

    @Test
    void aCommandOutlivesItsDocument() {
        String id = send(r -> r.parameters(pid("42")));
        ssm.deleteDocument(r -> r.name(NAME));
        control.advance(Duration.ofSeconds(5));

        assertThat(invocation(id).statusAsString()).isEqualTo("Success");
        refused(() -> send(r -> r.parameters(pid("42"))), "InvalidDocument");
    }

    private void refusedParameters(Map<String, List<String>> parameters, String reason) {
        assertThat(
                        refused(() -> send(r -> r.parameters(parameters)), "InvalidParameters")
                                .getMessage())
                .contains(reason);
    }

    private static Map<String, List<String>> pid(String pid) {
        return Map.of("pid", List.of(pid));
    }

    private static Map<String, List<String>> with(String name, String... values) {
        return Map.of("pid", List.of("42"), name, List.of(values));
    }

    private String send(Consumer<SendCommandRequest.Builder> request) {
        return ssm.sendCommand(
                        r -> {
                            r.documentName(NAME).instanceIds(Seeded.WEB);
                            request.accept(r);
                        })
                .command()
                .commandId();
    }

    private GetCommandInvocationResponse invocation(String id) {
        return ssm.getCommandInvocation(r -> r.commandId(id).instanceId(Seeded.WEB));
    }

    private Command command(String id) {
        return ssm.listCommands(r -> r.commandId(id)).commands().getFirst();
    }
}
