package dev.yagura.inventory.asset;

import dev.yagura.common.config.Settings;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Section "tags": which tags say whose an asset is. The first key counts that the asset has with a
 * value; case does not matter.
 */
record OwnershipConfig(List<String> owner, List<String> environment, List<String> criticality) {

    OwnershipConfig {
        owner = List.copyOf(owner);
        environment = List.copyOf(environment);
        criticality = List.copyOf(criticality);
    }

    static OwnershipConfig from(Settings settings) {
        Settings tags = settings.section("tags");
        return new OwnershipConfig(
                tags.texts(
                        "owner",
                        List.of("owner", "team"),
                        "Tags whose value is an asset's owner; the first that it has, in any case"
                                + " of letters."),
                tags.texts(
                        "environment",
                        List.of("environment", "env", "stage"),
                        "Tags whose value is its environment, likewise."),
                tags.texts(
                        "criticality",
                        List.of("criticality"),
                        "Tags whose value is its criticality, likewise."));
    }

    /** The observation, with what its tags say. */
    Observation applied(Observation seen) {
        Map<String, String> tags = seen.description().getTagsMap();
        return tags.isEmpty()
                ? seen
                : seen.describedAs(
                        seen.description().toBuilder()
                                .setOwner(value(owner, tags))
                                .setEnvironment(value(environment, tags))
                                .setCriticality(value(criticality, tags))
                                .build());
    }

    private static String value(List<String> keys, Map<String, String> tags) {
        return keys.stream().flatMap(key -> value(key, tags).stream()).findFirst().orElse("");
    }

    /** Of keys that differ in case only, the first by their letters: a map has no order. */
    private static Optional<String> value(String key, Map<String, String> tags) {
        Stream<Map.Entry<String, String>> found =
                tags.entrySet().stream()
                        .filter(tag -> tag.getKey().equalsIgnoreCase(key))
                        .filter(tag -> !tag.getValue().isBlank() && tag.getValue().indexOf(0) < 0);
        return found.min(Comparator.comparing(Map.Entry::getKey)).map(Map.Entry::getValue);
    }
}
