package dev.yagura.sandbox.document;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;

/** What AWS provides, as far as the sandbox has it; of an older schema than it reads of others. */
final class AmazonDocuments {
    private static final String SHELL_SCRIPT = "AWS-RunShellScript";

    private AmazonDocuments() {}

    static Document runShellScript(Instant now) {
        String text = resource(SHELL_SCRIPT + ".json");
        DocumentContent content =
                new DocumentContent(
                        "1.2",
                        "Run a shell script or specify the commands to run.",
                        ParameterReader.read(ContentReader.object(text).path("parameters")),
                        List.of(
                                new Step(
                                        ContentReader.ACTION,
                                        EnumSet.of(Platform.LINUX, Platform.MACOS),
                                        List.of("{{ commands }}"),
                                        "{{ workingDirectory }}",
                                        "{{ executionTimeout }}")));
        return new Document(SHELL_SCRIPT, Document.AMAZON, text, content, now);
    }

    private static String resource(String name) {
        try (InputStream resource = AmazonDocuments.class.getResourceAsStream(name)) {
            if (resource == null) {
                throw new IllegalStateException(name + " is not on the class path");
            }
            return new String(resource.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
