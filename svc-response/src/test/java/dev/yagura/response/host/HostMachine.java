package dev.yagura.response.host;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * This machine as a host: documents run on it as the SSM agent runs them, with their state in a
 * folder of the test.
 *
 * @param shell reads the script; /bin/sh is another one on each distribution
 */
record HostMachine(Path folder, List<String> shell) {
    static final List<String> SH = List.of("sh");

    /** The /bin/sh of Amazon Linux and Red Hat. */
    static final List<String> BASH = List.of("bash", "--posix");

    static final String INSTANCE = "i-0123456789abcdef0";

    /** For tests of what differs between shells. */
    static List<List<String>> shells() {
        return List.of(SH, BASH);
    }

    /** How a run of a document ended. */
    record Ended(int exitCode, String output, String errors) {
        HostReport report() {
            return HostReport.parse(output).orElseThrow(() -> new AssertionError(output + errors));
        }
    }

    Path state() {
        return folder.resolve("state");
    }

    /** Where documents that collect look for a host's files. */
    Path root() {
        return folder.resolve("root");
    }

    Path run(String runId) {
        return state().resolve("runs").resolve(runId);
    }

    Ended run(HostDocument document, String runId, Map<String, String> parameters)
            throws Exception {
        return run(document, runId, parameters, INSTANCE, Instant.now().plusSeconds(60));
    }

    Ended run(
            HostDocument document,
            String runId,
            Map<String, String> parameters,
            String instance,
            Instant expires)
            throws Exception {
        Map<String, String> all = new HashMap<>(parameters);
        all.put("RunId", runId);
        all.put("InstanceId", instance);
        all.put("ExpireTime", String.valueOf(expires.getEpochSecond()));
        Path script =
                Files.createTempFile(
                        folder,
                        "_script",
                        ".sh",
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rwx------")));
        Files.writeString(script, rendered(document.json(), all));
        Path output = Files.createTempFile(folder, "out", "");
        Path errors = Files.createTempFile(folder, "err", "");
        ProcessBuilder builder =
                new ProcessBuilder(
                                Stream.concat(shell.stream(), Stream.of(script.toString()))
                                        .toList())
                        .redirectOutput(output.toFile())
                        .redirectError(errors.toFile());
        builder.environment().clear();
        builder.environment()
                .putAll(
                        Map.of(
                                "PATH",
                                "/usr/bin:/bin",
                                "AWS_SSM_INSTANCE_ID",
                                INSTANCE,
                                "YAGURA_STATE_DIR",
                                state().toString(),
                                "YAGURA_ROOT_DIR",
                                root().toString()));
        Process process = builder.start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("ends").isTrue();
        return new Ended(process.exitValue(), Files.readString(output), Files.readString(errors));
    }

    /** As Systems Manager does it: every parameter is checked, then replaced in the text. */
    private static String rendered(JsonObject document, Map<String, String> parameters)
            throws IOException {
        JsonObject declared = document.getJsonObject("parameters");
        assertThat(parameters.keySet()).isEqualTo(declared.keySet());
        String script =
                document
                        .getJsonArray("mainSteps")
                        .getJsonObject(0)
                        .getJsonObject("inputs")
                        .getJsonArray("runCommand")
                        .getValuesAs(JsonString.class)
                        .stream()
                        .map(JsonString::getString)
                        .collect(Collectors.joining("\n", "", "\n"));
        for (Map.Entry<String, String> each : parameters.entrySet()) {
            assertThat(each.getValue())
                    .matches(declared.getJsonObject(each.getKey()).getString("allowedPattern"));
            script = script.replace("{{ " + each.getKey() + " }}", each.getValue());
        }
        assertThat(script).doesNotContain("{{ ");
        assertThat(script.getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(60_000);
        return script;
    }
}
