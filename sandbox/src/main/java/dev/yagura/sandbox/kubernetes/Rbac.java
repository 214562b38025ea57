package dev.yagura.sandbox.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import dev.yagura.sandbox.wire.JsonText;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** ClusterRoles and their bindings to groups, as a manifest has them. */
public record Rbac(List<JsonNode> documents) {
    /** Nobody may do anything but the administrators. */
    public static final Rbac NONE = new Rbac(List.of());

    /** May do everything. */
    static final String ADMINISTRATORS = "system:masters";

    public Rbac {
        documents = List.copyOf(documents);
    }

    /**
     * Of a file.
     *
     * @throws IOException it cannot be read
     */
    public static Rbac read(Path manifest) throws IOException {
        try (Reader reader = Files.newBufferedReader(manifest)) {
            Yaml yaml = new Yaml(new SafeConstructor(new LoaderOptions()));
            return new Rbac(
                    StreamSupport.stream(yaml.loadAll(reader).spliterator(), false)
                            .<JsonNode>map(each -> JsonText.mapper().valueToTree(each))
                            .toList());
        }
    }

    boolean allows(List<String> groups, String verb, String group, String resource, String name) {
        return groups.contains(ADMINISTRATORS)
                || rules(groups).stream()
                        .anyMatch(rule ->
                                has(rule.path("verbs"), verb)
                                        && has(rule.path("apiGroups"), group)
                                        && has(rule.path("resources"), resource)
                                        && (rule.path("resourceNames").isEmpty()
                                                || has(rule.path("resourceNames"), name)));
    }

    private List<JsonNode> rules(List<String> groups) {
        List<JsonNode> rules = new ArrayList<>();
        for (JsonNode binding : of("ClusterRoleBinding")) {
            boolean bound =
                    binding.path("subjects")
                            .valueStream()
                            .filter(each -> each.path("kind").asText().equals("Group"))
                            .anyMatch(each -> groups.contains(each.path("name").asText()));
            if (bound) {
                of("ClusterRole").stream()
                        .filter(role ->
                                role.path("metadata")
                                        .path("name")
                                        .equals(binding.path("roleRef").path("name")))
                        .forEach(role -> role.path("rules").forEach(rules::add));
            }
        }
        return rules;
    }

    private List<JsonNode> of(String kind) {
        return documents.stream().filter(each -> each.path("kind").asText().equals(kind)).toList();
    }

    private static boolean has(JsonNode list, String value) {
        return list.valueStream().anyMatch(each -> each.asText().equals(value));
    }
}
