package dev.yagura.sigma.pack;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * Recorded events of a pack's rules, as the repository of SigmaHQ has them: folders below
 * regression_data, each with an info.yml and the events beside it. Events in the binary format of
 * Windows are read from the JSON of the same name.
 */
public final class RegressionData {
    private static final String FOLDER = "regression_data";
    private static final String INFO = "info.yml";
    private static final String JSON = ".json";

    private RegressionData() {}

    /**
     * One test of a rule.
     *
     * @param ruleId lower case
     * @param path of the events, inside the pack
     * @param least how often the rule must match
     */
    @SuppressWarnings("ArrayRecordComponent")
    public record Test(String ruleId, String path, byte[] events, int least) {}

    /** Whether a file of a pack is here, and so no rule; the path is inside the pack, with "/". */
    public static boolean isOf(String path) {
        return path.startsWith(FOLDER + "/") || path.contains("/" + FOLDER + "/");
    }

    /** Whether a file here is read. */
    public static boolean isRead(String path) {
        String name = path.toLowerCase(Locale.ROOT);
        return isOf(path)
                && (name.endsWith("/" + INFO)
                        || name.endsWith(JSON)
                        || name.endsWith(".ndjson")
                        || name.endsWith(".jsonl"));
    }

    /**
     * Tests that can be run, by the ids of rules. A test whose events are not there, or that are in
     * another taxonomy (pipelines), is left out; an info.yml that cannot be read has none.
     *
     * @param files by their paths inside the pack
     */
    public static Map<String, List<Test>> tests(Map<String, byte[]> files) {
        Map<String, List<Test>> tests = new TreeMap<>();
        files.forEach((path, content) -> {
            if (path.endsWith("/" + INFO)) {
                String folder = path.substring(0, path.length() - INFO.length());
                for (Test test : tests(folder, content, files)) {
                    tests.computeIfAbsent(test.ruleId(), id -> new ArrayList<>()).add(test);
                }
            }
        });
        return tests;
    }

    private static List<Test> tests(String folder, byte[] info, Map<String, byte[]> files) {
        Object loaded;
        try {
            loaded =
                    new Yaml(new SafeConstructor(new LoaderOptions()))
                            .load(new String(info, StandardCharsets.UTF_8));
        } catch (YAMLException e) {
            return List.of();
        }
        List<Test> tests = new ArrayList<>();
        for (Map<?, ?> rule : maps(loaded, "rule_metadata")) {
            for (Map<?, ?> test : maps(loaded, "regression_tests_info")) {
                @Nullable String path = events(folder, test, files);
                byte @Nullable [] events = path == null ? null : files.get(path);
                if (path != null && events != null && rule.get("id") instanceof String id) {
                    tests.add(
                            new Test(
                                    id.toLowerCase(Locale.ROOT),
                                    path,
                                    events,
                                    test.get("match_count") instanceof Integer count ? count : 1));
                }
            }
        }
        return tests;
    }

    /** Beside the info.yml, whatever stands before the repository's own folders in the path. */
    private static @Nullable String events(
            String folder, Map<?, ?> test, Map<String, byte[]> files) {
        if (!(test.get("path") instanceof String path) || test.containsKey("pipelines")) {
            return null;
        }
        String name = path.substring(path.lastIndexOf('/') + 1);
        String asJson = name.endsWith(".evtx") ? name.substring(0, name.length() - 5) + JSON : name;
        return files.containsKey(folder + asJson) ? folder + asJson : null;
    }

    private static List<Map<?, ?>> maps(@Nullable Object document, String key) {
        List<Map<?, ?>> maps = new ArrayList<>();
        if (document instanceof Map<?, ?> map && map.get(key) instanceof List<?> list) {
            for (Object entry : list) {
                if (entry instanceof Map<?, ?> one) {
                    maps.add(one);
                }
            }
        }
        return maps;
    }
}
