package dev.yagura.sigma.canary;

import dev.yagura.sigma.LogSource;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** All canaries, of the file that is shipped with the tables. */
public final class Canaries {
    static final String FILE = "/canaries.yaml";

    private static final class Shipped {
        static final List<Canary> ALL = read(text());
    }

    private Canaries() {}

    /** In the order of the file; their names are unique. */
    public static List<Canary> all() {
        return Shipped.ALL;
    }

    static List<Canary> read(String text) {
        List<Canary> canaries = new ArrayList<>();
        Object loaded = new Yaml(new SafeConstructor(new LoaderOptions())).load(text);
        for (Object entry : (List<?>) loaded) {
            Map<?, ?> map = (Map<?, ?>) entry;
            canaries.add(
                    new Canary(
                            value(map, "id"),
                            new LogSource(
                                    value(map, "product"),
                                    value(map, "category"),
                                    value(map, "service")),
                            map.containsKey("per_record"),
                            new Canary.Kinds(
                                    value(map, "os"),
                                    value(map, "sensor"),
                                    numbers(map, "class_uid"),
                                    numbers(map, "activity_id"),
                                    texts(map, "channel"),
                                    texts(map, "event_id")),
                            places(map)));
        }
        return List.copyOf(canaries);
    }

    private static Map<String, String> places(Map<?, ?> map) {
        Map<String, String> places = new LinkedHashMap<>();
        if (map.get("fields") instanceof Map<?, ?> fields) {
            fields.forEach((field, place) -> places.put(field.toString(), place.toString()));
        }
        return places;
    }

    private static String value(Map<?, ?> map, String key) {
        Object value = map.get(key);
        return value == null ? "" : value.toString();
    }

    private static List<String> texts(Map<?, ?> map, String key) {
        Object value = map.get(key);
        return value instanceof List<?> list
                ? list.stream().map(Object::toString).toList()
                : List.of();
    }

    private static List<Integer> numbers(Map<?, ?> map, String key) {
        return texts(map, key).stream().map(Integer::valueOf).toList();
    }

    private static String text() {
        try (InputStream in = Canaries.class.getResourceAsStream(FILE)) {
            if (in == null) {
                throw new IllegalStateException("the canaries are not in the jar");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the canaries", e);
        }
    }
}
