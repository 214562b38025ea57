package dev.yagura.sigma.canary;

import dev.yagura.sigma.LogSource;
import dev.yagura.sigma.taxonomy.Delivery;
import dev.yagura.sigma.taxonomy.Mappings;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** Canaries: those of the file that is shipped with the tables, and of tables added to them. */
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

    /**
     * Those of an installation: also for what only its own tables say that sensors deliver. The
     * others stay as they are shipped, so that a table which moves their fields is noticed.
     */
    public static List<Canary> of(Mappings mappings) {
        return Stream.concat(all().stream(), made(mappings, Delivery::added)).toList();
    }

    /** Of the tables, one for each log source and sensor that is wanted; all have unique names. */
    static Stream<Canary> made(Mappings mappings, Predicate<Delivery> wanted) {
        Map<String, Integer> used = new HashMap<>();
        List<Canary> canaries = new ArrayList<>();
        for (Delivery delivery : mappings.deliveries()) {
            String id = id(delivery);
            int number = used.merge(id, 1, Integer::sum);
            if (wanted.test(delivery)) {
                canaries.add(made(number == 1 ? id : id + "." + number, delivery));
            }
        }
        return canaries.stream();
    }

    private static String id(Delivery delivery) {
        LogSource logSource = delivery.logSource();
        return Stream.of(
                        logSource.product(),
                        logSource.category(),
                        logSource.service(),
                        delivery.sensor())
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining("."));
    }

    private static Canary made(String id, Delivery delivery) {
        return new Canary(
                id,
                delivery.logSource(),
                delivery.perRecord(),
                new Canary.Kinds(
                        delivery.os(),
                        delivery.sensor(),
                        delivery.classes(),
                        delivery.activities(),
                        delivery.channels(),
                        delivery.eventIds()),
                delivery.places());
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
