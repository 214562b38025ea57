package dev.yagura.common.config;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Keys below one prefix, read with type, default and range. A value that does not fit stops the
 * start with the key's name, the value's problem and the remedy; secrets are never in the text.
 *
 * <p>Every key read is remembered; {@link #refuseUnknown} compares the configured keys with them.
 */
public final class Settings {

    /**
     * One key of the configuration.
     *
     * @param name full name, for example "yagura.ingest.log.url"
     * @param type for people: "duration", "integer 1 to 500", …
     * @param defaultValue as it would be written; "required" when there is none
     * @param description one sentence
     */
    public record Key(String name, String type, String defaultValue, String description) {}

    private static final String REQUIRED = "required";

    private final String prefix;
    private final Function<String, Optional<String>> values;
    private final Map<String, Key> known;

    /** Settings of one service: prefix "yagura.ingest" reads "yagura.ingest.…". */
    public Settings(String prefix, Function<String, Optional<String>> values) {
        this(prefix, values, new ConcurrentSkipListMap<>());
    }

    private Settings(
            String prefix, Function<String, Optional<String>> values, Map<String, Key> known) {
        this.prefix = prefix;
        this.values = values;
        this.known = known;
    }

    /** Settings of plain key/value pairs, for tests and generated documentation. */
    public static Settings of(String prefix, Map<String, String> pairs) {
        return new Settings(prefix, name -> Optional.ofNullable(pairs.get(name)));
    }

    /** Keys of a feature: {@code section("log")} reads "yagura.ingest.log.…". */
    public Settings section(String feature) {
        return new Settings(prefix + "." + feature, values, known);
    }

    public String text(String key, String defaultValue, String description) {
        return read(key, "text", defaultValue, description, Function.identity());
    }

    public String requiredText(String key, String description) {
        return read(key, "text", REQUIRED, description, Function.identity());
    }

    public Optional<String> optionalText(String key, String description) {
        return Optional.of(read(key, "text", "", description, Function.identity()))
                .filter(value -> !value.isEmpty());
    }

    public List<String> texts(String key, List<String> defaultValue, String description) {
        return read(
                key,
                "comma-separated texts",
                String.join(",", defaultValue),
                description,
                value ->
                        Arrays.stream(value.split(","))
                                .map(String::strip)
                                .filter(part -> !part.isEmpty())
                                .toList());
    }

    /** Like {@link #requiredText}; the value is never shown in errors. */
    public String secret(String key, String description) {
        return read(key, "secret", REQUIRED, description, Function.identity());
    }

    public Path requiredPath(String key, String description) {
        return read(key, "path", REQUIRED, description, Path::of);
    }

    public Path path(String key, String defaultValue, String description) {
        return read(key, "path", defaultValue, description, Path::of);
    }

    public boolean flag(String key, boolean defaultValue, String description) {
        return read(
                key,
                "true or false",
                Boolean.toString(defaultValue),
                description,
                value ->
                        switch (value) {
                            case "true" -> true;
                            case "false" -> false;
                            default -> throw new IllegalArgumentException("expected true or false");
                        });
    }

    public int integer(String key, int defaultValue, int min, int max, String description) {
        return (int) number(key, defaultValue, min, max, description);
    }

    public long number(String key, long defaultValue, long min, long max, String description) {
        return read(
                key,
                "integer " + min + " to " + max,
                Long.toString(defaultValue),
                description,
                value -> {
                    long parsed = Long.parseLong(value);
                    if (parsed < min || parsed > max) {
                        throw new IllegalArgumentException(
                                "expected an integer from " + min + " to " + max);
                    }
                    return parsed;
                });
    }

    /** ISO-8601, for example "PT0.5S"; positive. */
    public Duration duration(String key, Duration defaultValue, String description) {
        return read(
                key,
                "ISO-8601 duration",
                defaultValue.toString(),
                description,
                value -> {
                    Duration parsed = Duration.parse(value);
                    if (parsed.isNegative() || parsed.isZero()) {
                        throw new IllegalArgumentException("expected a positive duration");
                    }
                    return parsed;
                });
    }

    public <E extends Enum<E>> E choice(
            String key, Class<E> type, E defaultValue, String description) {
        List<String> names = Stream.of(type.getEnumConstants()).map(Settings::kebab).toList();
        return read(
                key,
                "one of " + String.join(", ", names),
                kebab(defaultValue),
                description,
                value -> {
                    int index = names.indexOf(value);
                    if (index < 0) {
                        throw new IllegalArgumentException(
                                "expected one of " + String.join(", ", names));
                    }
                    return type.getEnumConstants()[index];
                });
    }

    /** One or several "host:port", separated by commas. */
    public List<InetSocketAddress> addresses(String key, String description) {
        return read(
                key,
                "host:port[,host:port…]",
                REQUIRED,
                description,
                value -> Arrays.stream(value.split(",")).map(Settings::address).toList());
    }

    /** Every key read so far, by name. */
    public List<Key> knownKeys() {
        return List.copyOf(known.values());
    }

    /**
     * Stops the start when a configured key of this service was read by nobody.
     *
     * @param configured names of all configured properties, environment variables included
     */
    public void refuseUnknown(Iterable<String> configured) {
        String environmentPrefix = environmentName(prefix + ".");
        List<String> environmentNames =
                known.keySet().stream().map(Settings::environmentName).toList();
        for (String name : configured) {
            boolean unknownKey = name.startsWith(prefix + ".") && !known.containsKey(name);
            boolean unknownVariable =
                    name.startsWith(environmentPrefix) && !environmentNames.contains(name);
            if (unknownKey || unknownVariable) {
                throw new InvalidSettingException(
                        name, "unknown key; known are: " + String.join(", ", known.keySet()));
            }
        }
    }

    private <T> T read(
            String key,
            String type,
            String defaultValue,
            String description,
            Function<String, T> parser) {
        String name = prefix + "." + key;
        known.put(name, new Key(name, type, defaultValue, description));
        Optional<String> given = values.apply(name).map(String::strip);
        if (given.isEmpty() && defaultValue.equals(REQUIRED)) {
            throw new InvalidSettingException(
                    name, "is required; set it as property or as " + environmentName(name));
        }
        String value = given.orElse(defaultValue);
        try {
            return parser.apply(value);
        } catch (DateTimeParseException e) {
            throw new InvalidSettingException(
                    name, "expected an ISO-8601 duration such as PT30S, got '" + value + "'");
        } catch (IllegalArgumentException e) {
            throw new InvalidSettingException(name, problem(type, value, e));
        }
    }

    private static String problem(String type, String value, IllegalArgumentException cause) {
        String expected =
                cause instanceof NumberFormatException || cause.getMessage() == null
                        ? "expected " + type
                        : cause.getMessage();
        return type.equals("secret") ? expected : expected + ", got '" + value + "'";
    }

    private static InetSocketAddress address(String value) {
        String text = value.strip();
        int colon = text.lastIndexOf(':');
        if (colon <= 0) {
            throw new IllegalArgumentException("expected host:port");
        }
        int port = Integer.parseInt(text.substring(colon + 1));
        return InetSocketAddress.createUnresolved(text.substring(0, colon), port);
    }

    private static String kebab(Enum<?> constant) {
        return constant.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }

    /** MicroProfile's rule: other than letters and digits become "_", then upper case. */
    private static String environmentName(String name) {
        return name.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(java.util.Locale.ROOT);
    }
}
