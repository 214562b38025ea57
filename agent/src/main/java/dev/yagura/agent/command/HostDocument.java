package dev.yagura.agent.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * A document that this version carries: the file of deploy/documents, which Systems Manager runs
 * elsewhere.
 *
 * @param sha256 of the file, lower-case hex
 * @param parameters all of them are given, each with the pattern that its whole value has
 */
record HostDocument(
        String name,
        String sha256,
        Map<String, Pattern> parameters,
        String script,
        Duration timeout) {
    private static final List<String> NAMES =
            List.of(
                    "Yagura-CollectTriage",
                    "Yagura-Eradicate",
                    "Yagura-IsolateHost",
                    "Yagura-KillProcess",
                    "Yagura-QuarantineFile",
                    "Yagura-ReleaseHost",
                    "Yagura-RestoreEradicated",
                    "Yagura-RestoreFile");

    HostDocument {
        parameters = Map.copyOf(parameters);
    }

    /** Those in the agent's jar, by name. */
    static Map<String, HostDocument> carried() {
        Map<String, HostDocument> documents = new TreeMap<>();
        NAMES.forEach(name -> documents.put(name, carried(name)));
        return documents;
    }

    private static HostDocument carried(String name) {
        String resource = "/dev/yagura/agent/documents/" + name + ".json";
        try (InputStream stream = HostDocument.class.getResourceAsStream(resource)) {
            if (stream == null) {
                throw new IllegalStateException("the agent was built without " + resource);
            }
            return of(name, stream.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads a document of one step that runs a shell script. */
    static HostDocument of(String name, byte[] file) throws IOException {
        JsonNode document = new ObjectMapper().readTree(file);
        Map<String, Pattern> parameters = new HashMap<>();
        document.get("parameters")
                .properties()
                .forEach(each ->
                        parameters.put(
                                each.getKey(),
                                Pattern.compile(each.getValue().get("allowedPattern").asText())));
        JsonNode inputs = document.get("mainSteps").get(0).get("inputs");
        StringBuilder script = new StringBuilder();
        inputs.get("runCommand").forEach(line -> script.append(line.asText()).append('\n'));
        return new HostDocument(
                name,
                sha256(file),
                parameters,
                script.toString(),
                Duration.ofSeconds(inputs.get("timeoutSeconds").asLong()));
    }

    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /**
     * The script with its parameters, as Systems Manager makes it.
     *
     * @throws RefusedCommandException one is missing, unknown, or not what its pattern admits
     */
    String rendered(Map<String, String> values) throws RefusedCommandException {
        if (!values.keySet().equals(parameters.keySet())) {
            throw new RefusedCommandException(
                    "%s has the parameters %s, not %s"
                            .formatted(
                                    name,
                                    new TreeSet<>(parameters.keySet()),
                                    new TreeSet<>(values.keySet())));
        }
        String text = script;
        for (Map.Entry<String, Pattern> each : parameters.entrySet()) {
            String value = values.getOrDefault(each.getKey(), "");
            if (!each.getValue().matcher(value).matches()) {
                // The value may be a secret.
                throw new RefusedCommandException(
                        "parameter %s of %s is not %s"
                                .formatted(each.getKey(), name, each.getValue()));
            }
            text = text.replace("{{ " + each.getKey() + " }}", value);
        }
        return text;
    }
}
