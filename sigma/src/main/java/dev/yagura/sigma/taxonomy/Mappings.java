package dev.yagura.sigma.taxonomy;

import dev.yagura.sigma.Detection;
import dev.yagura.sigma.LogSource;
import dev.yagura.sigma.Placeholders;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The log sources that sensors deliver, made of mapping tables: the project's own, and those of an
 * installation, which also gives placeholders their values. Immutable.
 */
public final class Mappings {
    private static final String OWN = "/taxonomy/";
    private static final String INDEX = "index.txt";
    private static final String EVERY_FILE = "/*";

    private static final class Standard {
        static final Mappings MAPPINGS = new Mappings(own(), Placeholders.NONE, "");
    }

    private final List<MappingTable> tables;
    private final Map<LogSource, EventSource> sources = new LinkedHashMap<>();
    private final Placeholders placeholders;
    private final String addedText;

    private Mappings(List<MappingTable> tables, Placeholders placeholders, String addedText) {
        this.tables = List.copyOf(tables);
        this.placeholders = placeholders;
        this.addedText = addedText;
        Map<LogSource, List<MappingTable>> byLogSource = new LinkedHashMap<>();
        for (MappingTable table : tables) {
            for (LogSource logSource : table.logSources()) {
                byLogSource.computeIfAbsent(logSource, key -> new ArrayList<>()).add(table);
            }
        }
        byLogSource.forEach((logSource, parts) -> sources.put(logSource, source(logSource, parts)));
    }

    /** The project's own tables. */
    public static Mappings standard() {
        return Standard.MAPPINGS;
    }

    /**
     * The project's own tables and those of a YAML file, or of all YAML files of a folder, which
     * may add log sources, kinds of events and fields to known ones, other places for known fields,
     * and values of placeholders.
     *
     * @throws MappingException when a file says something that cannot be
     * @throws IllegalArgumentException when there is no such file, or no YAML file in the folder;
     *     the text is for whoever named it
     */
    public static Mappings with(Path fileOrFolder) {
        List<MappingTable> tables = new ArrayList<>(standard().tables);
        Map<String, MappingReader.Values> placeholders = new LinkedHashMap<>();
        StringBuilder texts = new StringBuilder();
        files(fileOrFolder)
                .forEach((name, text) -> {
                    MappingReader.Content content = MappingReader.read(name, text);
                    tables.addAll(content.tables());
                    content.placeholders()
                            .forEach((placeholder, values) ->
                                    add(placeholders, placeholder, values));
                    texts.append(name).append('\n').append(text).append('\n');
                });
        Map<String, List<String>> values = new LinkedHashMap<>();
        placeholders.forEach((name, found) -> values.put(name, found.texts()));
        return new Mappings(tables, new Placeholders(values), texts.toString());
    }

    private static void add(
            Map<String, MappingReader.Values> placeholders,
            String name,
            MappingReader.Values values) {
        MappingReader.Values other = placeholders.putIfAbsent(name, values);
        if (other != null) {
            throw new MappingException(
                    values.file(),
                    values.line(),
                    "placeholders."
                            + name
                            + " has values in "
                            + other.file()
                            + ":"
                            + other.line()
                            + " already; write all of them in one place");
        }
    }

    /** Texts by name, in the order of their names. */
    private static Map<String, String> files(Path fileOrFolder) {
        if (!Files.isReadable(fileOrFolder)) {
            throw new IllegalArgumentException(
                    "'" + fileOrFolder + "' is no readable file or folder");
        }
        Map<String, String> texts = new LinkedHashMap<>();
        if (Files.isRegularFile(fileOrFolder)) {
            String name = String.valueOf(fileOrFolder.getFileName());
            texts.put(name, text(name, fileOrFolder));
            return texts;
        }
        try (Stream<Path> files = Files.walk(fileOrFolder)) {
            for (Path file : files.filter(Mappings::isYaml).sorted().toList()) {
                String name = fileOrFolder.relativize(file).toString().replace('\\', '/');
                texts.put(name, text(name, file));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the mappings in " + fileOrFolder, e);
        }
        if (texts.isEmpty()) {
            throw new IllegalArgumentException(
                    "'" + fileOrFolder + "' has no mapping: expected *.yml or *.yaml at any depth");
        }
        return texts;
    }

    private static String text(String name, Path file) {
        try {
            return Files.readString(file);
        } catch (CharacterCodingException e) {
            throw new MappingException(name, 0, "the file is not UTF-8");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the mappings in " + file, e);
        }
    }

    /** Values of the placeholders that rules may have. */
    public Placeholders placeholders() {
        return placeholders;
    }

    /** The installation's files: tells one set of mappings from another. Empty without any. */
    public String addedText() {
        return addedText;
    }

    /** A rule that names no product is for every product that has the category or service. */
    public List<EventSource> sources(LogSource wanted) {
        return sources.values().stream()
                .filter(source -> isMeant(wanted, source.logSource()))
                .toList();
    }

    /** All of them, in the order of their files. */
    public List<EventSource> all() {
        return List.copyOf(sources.values());
    }

    /** What each sensor delivers, in the order of the tables. */
    public List<Delivery> deliveries() {
        List<Delivery> deliveries = new ArrayList<>();
        for (LogSource logSource : sources.keySet()) {
            Map<String, List<String>> fields = fields(logSource);
            for (MappingTable table : tables(logSource)) {
                for (EventFilter filter : table.events()) {
                    deliveries.addAll(
                            Delivery.of(logSource, table, filter, fields, isAdded(table)));
                }
            }
        }
        return deliveries;
    }

    private static boolean isAdded(MappingTable table) {
        return !standard().tables.contains(table);
    }

    /** Places of a log source's fields by Sigma name, for the reference. */
    Map<String, List<String>> fields(LogSource logSource) {
        Map<String, List<String>> fields = new LinkedHashMap<>();
        for (MappingTable table : tables) {
            if (table.logSources().contains(logSource)) {
                addFields(table, fields, new ArrayList<>());
            }
        }
        return fields;
    }

    /** Tables of a log source. */
    List<MappingTable> tables(LogSource logSource) {
        return tables.stream().filter(table -> table.logSources().contains(logSource)).toList();
    }

    private static boolean isMeant(LogSource wanted, LogSource mapped) {
        boolean product =
                wanted.product().isEmpty()
                        || mapped.product().isEmpty()
                        || wanted.product().equals(mapped.product());
        return product
                && wanted.category().equals(mapped.category())
                && wanted.service().equals(mapped.service());
    }

    private EventSource source(LogSource logSource, List<MappingTable> parts) {
        List<EventFilter> events = parts.stream().flatMap(part -> part.events().stream()).toList();
        if (events.isEmpty()) {
            MappingTable first = parts.getFirst();
            throw new MappingException(
                    first.file(), first.line(), "events: say which events " + logSource + " has");
        }
        boolean perRecord = parts.getFirst().perRecord();
        List<Pattern> patterns = parts.stream().flatMap(part -> part.patterns().stream()).toList();
        Map<String, FieldReader> readers = new HashMap<>();
        Map<String, List<String>> fields = fields(logSource);
        fields.forEach((name, places) -> readers.put(name, reader(name, places)));
        readers.put(Detection.KEYWORDS, perRecord ? Places::everyTextOfRecord : Places::everyText);
        return new EventSource(
                logSource,
                kind -> events.stream().anyMatch(filter -> filter.accepts(kind)),
                perRecord,
                EventKind.FIELDS.stream()
                        .filter(name -> isOnly(fields.get(name), Places.UNMAPPED + name))
                        .collect(Collectors.toSet()),
                name -> field(readers, patterns, perRecord, name));
    }

    private static boolean isOnly(@Nullable List<String> places, String place) {
        return places != null && places.equals(List.of(place));
    }

    private static Optional<FieldReader> field(
            Map<String, FieldReader> readers,
            List<Pattern> patterns,
            boolean perRecord,
            String name) {
        FieldReader known = readers.get(name);
        if (known != null) {
            return Optional.of(known);
        }
        boolean meant = patterns.stream().anyMatch(each -> each.matcher(name).matches());
        return meant
                ? Places.reader((perRecord ? Places.RECORD : "object.") + name)
                : Optional.empty();
    }

    /** After all its places a field is looked for under its own name. */
    private static FieldReader reader(String name, List<String> places) {
        List<FieldReader> readers = new ArrayList<>();
        for (String place : places) {
            readers.add(Places.reader(place).orElseThrow());
        }
        String own = Places.UNMAPPED + name;
        if (!places.contains(own) && places.stream().noneMatch(p -> p.startsWith(Places.RECORD))) {
            readers.add(Places.unmapped(name));
        }
        return Places.first(readers.toArray(FieldReader[]::new));
    }

    private void addFields(
            MappingTable table, Map<String, List<String>> fields, List<String> included) {
        // What comes later may say better: a folder's places come before the project's.
        table.fields().forEach((name, places) -> fields.merge(name, places, Mappings::before));
        for (String name : table.includes()) {
            if (included.contains(name)) {
                continue;
            }
            included.add(name);
            List<MappingTable> parts = tables.stream().filter(part -> isPart(part, name)).toList();
            if (parts.isEmpty()) {
                throw new MappingException(
                        table.file(), table.line(), "include: there is no part '" + name + "'");
            }
            for (MappingTable part : parts) {
                Map<String, List<String>> more = new LinkedHashMap<>();
                addFields(part, more, included);
                more.forEach(fields::putIfAbsent);
            }
        }
    }

    private static List<String> before(List<String> known, List<String> added) {
        List<String> places = new ArrayList<>(added);
        known.stream().filter(place -> !added.contains(place)).forEach(places::add);
        return places;
    }

    private static boolean isPart(MappingTable part, String name) {
        return name.endsWith(EVERY_FILE)
                ? part.file().startsWith(name.substring(0, name.length() - 1))
                : part.file().equals(name + ".yaml") && part.logSources().isEmpty();
    }

    private static boolean isYaml(Path path) {
        String name = path.toString().toLowerCase(Locale.ROOT);
        return (name.endsWith(".yml") || name.endsWith(".yaml")) && Files.isRegularFile(path);
    }

    private static List<MappingTable> own() {
        List<MappingTable> tables = new ArrayList<>();
        for (String name : resource(INDEX).lines().filter(line -> !line.isBlank()).toList()) {
            tables.addAll(MappingReader.read(name, resource(name)).tables());
        }
        return tables;
    }

    private static String resource(String name) {
        try (InputStream in = Mappings.class.getResourceAsStream(OWN + name)) {
            if (in == null) {
                throw new IllegalStateException("the mapping " + name + " is not in the jar");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the mapping " + name, e);
        }
    }
}
