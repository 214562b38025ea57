package dev.yagura.sigma.taxonomy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.sigma.LogSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The reference of log sources, made from the tables. Run with {@code -Dyagura.docs.write=true} to
 * write the page anew.
 */
class LogSourcesPageTest {
    private static final String WRITE = "yagura.docs.write";
    private static final Path PAGE = Path.of("../docs/reference/log-sources.md");

    /** More names than a reader looks through; the table has them. */
    private static final int MOST_NAMES = 80;

    private static final String HEAD =
            """
            # Log sources

            Which Sigma log sources can fire, on which events, and where their fields are. This page is made from the tables
            under `sigma/src/main/resources/taxonomy` and checked by a test. A rule whose log source is not here, or whose
            condition needs a field that is not, cannot fire; `./yagura rules verify FOLDER` says so. A rule that names no
            product is for every log source with its category or service.

            A place is a field of `yagura.telemetry.v1.Event`. "own name" is `unmapped` under the field's name; after all its
            places a field is looked for there too, which is where texts are that the typed core cannot hold: "", "-".

            ## Places

            %s, and `unmapped.NAME`; `record.NAME` where the table looks at one raw record at a time.

            `process.guid` is the uid as Sysmon writes it; `process.user_or_id` the user's name, or the id where there is no
            name; `process.hashes` all hashes as Sysmon writes them.

            ## Tables of your own

            A YAML file, or a folder of them, adds log sources, or fields and events to known ones. It is named by `--mappings` of
            `rules scan` and `rules verify`, and by `yagura.detection.rule.mappings` for the service, where rules of every pack, tries
            of rules and exceptions go by it:

            ```yaml
            logsource: {product: okta, service: okta}
            events: {source: okta}          # os, class_uid, activity_id, channel, event_id narrow it; each one value or a list
            fields:
              actor.id: unmapped.actor.id   # a place, or a list: the first that has a value
            unmapped: [eventType, outcome.result]
            patterns: ['debugContext\\..+'] # names that are meant without being listed
            include: windows/system         # fields of a part, or of every table of a folder: windows/*
            ```

            Several tables in one file are parted by `---`. JSON objects that no reader knows have the source that
            `--json-source` names, and all their values under dotted paths in `unmapped`. An error names file, line and key.

            The service reads the files when it starts, and does not start with one that is wrong; `./yagura rules verify --mappings`
            finds that out before. All replicas need the same files. Rules whose log source only a table of your own maps are
            "cannot fire" on a replica without it.

            ## Values of placeholders

            A document of the same files gives the placeholders of the modifier `expand` their values, a text or a list of texts,
            which may have wildcards:

            ```yaml
            placeholders:
              admins: [root, 'ops-*']       # what User|expand: '%%admins%%' stands for
              jump_hosts: 10.1.2.3
            ```

            A placeholder has its values in one place. A rule with a placeholder that has none is invalid.
            """;

    @Test
    void thePageIsCurrent() throws IOException {
        String expected = page();
        if (Boolean.getBoolean(WRITE)) {
            Files.writeString(PAGE, expected);
        }
        assertThat(PAGE)
                .as("run this test with -D%s=true to write the page anew", WRITE)
                .hasContent(expected);
    }

    private static String page() {
        StringBuilder page = new StringBuilder();
        page.append(
                HEAD.formatted(
                        Places.names().stream()
                                .map(name -> "`" + name + "`")
                                .collect(Collectors.joining(", "))));
        page.append(
                "\n## Log sources\n\n| product | category | service | events | fields |\n|---|---|---|---|---|\n");
        Mappings mappings = Mappings.standard();
        for (EventSource source : mappings.all()) {
            LogSource logSource = source.logSource();
            page.append(
                    "| %s | %s | %s | %s | %s |\n"
                            .formatted(
                                    logSource.product(),
                                    logSource.category(),
                                    logSource.service(),
                                    events(mappings.tables(logSource)),
                                    fields(mappings, logSource)));
        }
        return page.toString();
    }

    private static String events(List<MappingTable> tables) {
        return tables.stream()
                .flatMap(table -> table.events().stream())
                .map(LogSourcesPageTest::filter)
                .collect(Collectors.joining("; "));
    }

    private static String filter(EventFilter filter) {
        List<String> parts = new ArrayList<>();
        String sources =
                filter.sources().stream()
                        .map(source -> source.isEmpty() ? "no source" : source)
                        .sorted()
                        .collect(Collectors.joining(", "));
        parts.add(sources.isEmpty() ? "any source" : sources);
        add(parts, "class", filter.classes());
        add(parts, "activity", filter.activities());
        add(parts, "channel", filter.channels());
        add(parts, "event", filter.eventIds());
        return String.join(", ", parts);
    }

    private static void add(List<String> parts, String what, Collection<?> values) {
        if (!values.isEmpty()) {
            parts.add(
                    what
                            + " "
                            + values.stream()
                                    .map(Object::toString)
                                    .sorted()
                                    .collect(Collectors.joining(" / ")));
        }
    }

    private static String fields(Mappings mappings, LogSource logSource) {
        Map<String, List<String>> fields = mappings.fields(logSource);
        List<String> placed = new ArrayList<>();
        List<String> own = new ArrayList<>();
        fields.forEach((name, places) -> {
            if (places.equals(List.of(Places.UNMAPPED + name))) {
                own.add(name);
            } else {
                placed.add("%s = %s".formatted(name, String.join(" or ", places)));
            }
        });
        List<String> parts = new ArrayList<>();
        if (fields.size() > MOST_NAMES) {
            parts.add(fields.size() + " fields of the providers' manifests, in the table");
        } else {
            parts.addAll(placed);
            if (!own.isEmpty()) {
                parts.add("own name: " + String.join(", ", own));
            }
        }
        mappings.tables(logSource).stream()
                .flatMap(table -> table.patterns().stream())
                .map(pattern -> "names like `" + pattern.pattern().replace("|", "\\|") + "`")
                .forEach(parts::add);
        return String.join("; ", parts);
    }
}
