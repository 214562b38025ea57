package dev.yagura.sandbox;

import static dev.yagura.sandbox.AwsErrors.refused;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.ssm.SsmClient;

/** A caller that may send one document to one instance. */
class DocumentPermissionsTest {
    private static final String CONTENT =
            """
            {"schemaVersion": "2.2", "mainSteps": [{
               "action": "aws:runShellScript", "name": "run", "inputs": {"runCommand": ["true"]}}]}
            """;

    @TempDir Path folder;

    @Test
    void mustBeAllowedTheDocumentAndTheInstance() throws IOException {
        SandboxOptions options =
                new SandboxOptions(
                        SandboxOptions.anyPort().address(), 0, Optional.of(restrictedSeed()));
        try (SandboxExtension sandbox = new SandboxExtension(options, Clock.systemUTC());
                SsmClient viewer = sandbox.ssm(SandboxExtension.VIEWER)) {
            for (String name : List.of("Yagura-Run", "Other-Run")) {
                sandbox.ssm().createDocument(r -> r.name(name).content(CONTENT));
            }

            assertThat(
                            viewer.sendCommand(r ->
                                            r.documentName("Yagura-Run").instanceIds(Seeded.WEB))
                                    .command()
                                    .commandId())
                    .isNotEmpty();
            refusedOn(
                    viewer,
                    "Other-Run",
                    Seeded.WEB,
                    "arn:aws:ssm:ap-northeast-1:111122223333:document/Other-Run");
            refusedOn(
                    viewer,
                    "AWS-RunShellScript",
                    Seeded.WEB,
                    "arn:aws:ssm:ap-northeast-1::document/AWS-RunShellScript");
            refusedOn(
                    viewer,
                    "Yagura-Run",
                    Seeded.DB,
                    "arn:aws:ec2:ap-northeast-1:111122223333:instance/" + Seeded.DB);
            refused(
                    () ->
                            viewer.sendCommand(r ->
                                    r.documentName("Yagura-Run")
                                            .targets(t -> t.key("tag:Owner").values("shop"))),
                    "AccessDeniedException");
            refused(
                    () -> viewer.describeDocument(r -> r.name("Yagura-Run")),
                    "AccessDeniedException");
        }
    }

    private static void refusedOn(
            SsmClient viewer, String document, String instance, String resource) {
        assertThat(
                        refused(
                                        () ->
                                                viewer.sendCommand(r ->
                                                        r.documentName(document)
                                                                .instanceIds(instance)
                                                                .parameters(
                                                                        Map.of(
                                                                                "commands",
                                                                                List.of("true")))),
                                        "AccessDeniedException")
                                .getMessage())
                .contains("not authorized to perform: ssm:SendCommand on resource: " + resource);
    }

    private Path restrictedSeed() throws IOException {
        try (InputStream resource =
                Objects.requireNonNull(
                        SandboxServer.class.getResourceAsStream("/dev/yagura/sandbox/seed.yaml"))) {
            String seed = new String(resource.readAllBytes(), UTF_8);
            String allowed = "allow: [\"ec2:Describe*\", \"ssm:DescribeInstanceInformation\"]";
            assertThat(seed).contains(allowed);
            return Files.writeString(
                    folder.resolve("seed.yaml"),
                    seed.replace(
                            allowed,
                            """
                            allow:
                                  - "ssm:SendCommand on arn:aws:ssm:*:*:document/Yagura-*"
                                  - "ssm:SendCommand on arn:aws:ec2:*:*:instance/%s"
                            """
                                    .formatted(Seeded.WEB)));
        }
    }
}
