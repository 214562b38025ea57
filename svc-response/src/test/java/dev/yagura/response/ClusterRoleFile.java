package dev.yagura.response;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.sandbox.front.JournalEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The RBAC of contain_pod that is shipped, held against the calls that were really made. */
final class ClusterRoleFile {
    private static final String IN_CLUSTER = "k8s:";

    private ClusterRoleFile() {}

    /** The policy and the role allow what was called since, and nothing that is never called. */
    static void assertFits(TestService service, long since) throws IOException {
        List<JournalEntry> journal = service.sandbox().journal(since);
        Set<String> called = PolicyFile.called(journal);
        Set<String> inAws =
                called.stream()
                        .filter(each -> !each.startsWith(IN_CLUSTER))
                        .filter(each -> !each.startsWith("sts:"))
                        .collect(Collectors.toSet());
        Set<String> inCluster =
                called.stream()
                        .filter(each -> each.startsWith(IN_CLUSTER))
                        // Everybody may ask what is allowed.
                        .filter(each -> !each.endsWith("selfsubjectaccessreviews"))
                        .map(each -> each.substring(IN_CLUSTER.length()))
                        .collect(Collectors.toSet());
        assertThat(inAws).isEqualTo(PolicyFile.allowed("contain_pod"));
        assertThat(inCluster).isEqualTo(allowed());
        assertThat(journal).noneMatch(entry -> entry.result().equals("Forbidden"));
    }

    private static Set<String> allowed() throws IOException {
        Set<String> allowed = new HashSet<>();
        String manifest =
                Files.readString(Path.of("..", "deploy", "kubernetes", "contain_pod.yaml"));
        for (Object each : new Yaml(new SafeConstructor(new LoaderOptions())).loadAll(manifest)) {
            if (each instanceof Map<?, ?> document
                    && document.get("rules") instanceof List<?> rules) {
                for (Object rule : rules) {
                    texts(rule, "verbs")
                            .forEach(verb ->
                                    texts(rule, "resources")
                                            .forEach(of -> allowed.add(verb + " " + of)));
                }
            }
        }
        return allowed;
    }

    private static Stream<String> texts(Object rule, String member) {
        return rule instanceof Map<?, ?> map && map.get(member) instanceof List<?> list
                ? list.stream().map(String::valueOf)
                : Stream.empty();
    }
}
