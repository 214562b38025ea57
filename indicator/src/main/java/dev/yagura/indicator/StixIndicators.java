package dev.yagura.indicator;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.CharConversionException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Indicators of a STIX 2.1 bundle, read one object after another.
 * docs/reference/indicator-formats.md says which patterns are understood.
 */
public final class StixIndicators {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern ID = Pattern.compile("indicator--[0-9a-fA-F-]{36}");

    private final IndicatorEntry.Defaults defaults;
    private final EntrySink sink;

    private StixIndicators(IndicatorEntry.Defaults defaults, EntrySink sink) {
        this.defaults = defaults;
        this.sink = sink;
    }

    /**
     * Reads a bundle to its end. Indicators that cannot be expressed are told, and left out whole.
     *
     * @throws UnreadableImportException when it is no bundle
     */
    public static void read(InputStream in, IndicatorEntry.Defaults defaults, EntrySink sink)
            throws IOException, UnreadableImportException {
        try (JsonParser parser = JSON.createParser(in)) {
            new StixIndicators(defaults, sink).bundle(parser);
        } catch (JsonProcessingException e) {
            throw new UnreadableImportException(
                    "is no JSON: "
                            + EntryFields.clip(e.getOriginalMessage(), 200)
                            + " in line "
                            + (e.getLocation() == null ? 0 : e.getLocation().getLineNr()));
        } catch (CharConversionException e) {
            throw new UnreadableImportException("is no text in UTF-8: " + e.getMessage());
        }
    }

    private void bundle(JsonParser parser) throws IOException, UnreadableImportException {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            throw noBundle();
        }
        boolean bundle = false;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            JsonToken value = parser.nextToken();
            if (field.equals("type") && value == JsonToken.VALUE_STRING) {
                bundle = parser.getText().equals("bundle");
            } else if (field.equals("objects") && value == JsonToken.START_ARRAY) {
                objects(parser);
            } else {
                parser.skipChildren();
            }
        }
        if (!bundle) {
            throw noBundle();
        }
    }

    private static UnreadableImportException noBundle() {
        return new UnreadableImportException(
                "is no STIX bundle: it must be a JSON object with \"type\": \"bundle\" and"
                        + " \"objects\"");
    }

    private void objects(JsonParser parser) throws IOException {
        while (parser.nextToken() != JsonToken.END_ARRAY && parser.currentToken() != null) {
            long line = parser.currentTokenLocation().getLineNr();
            JsonNode object = JSON.readTree(parser);
            if (object.path("type").asText().equals("indicator")) {
                indicator(line, object);
            } else {
                sink.ignored();
            }
        }
    }

    private void indicator(long line, JsonNode object) throws IOException {
        String id = object.path("id").asText();
        List<IndicatorEntry> entries;
        try {
            entries = entries(object, id);
        } catch (MalformedIndicatorException e) {
            sink.rejected(line, EntryFields.clip(id, 60), String.valueOf(e.getMessage()));
            return;
        }
        for (IndicatorEntry entry : entries) {
            sink.entry(entry);
        }
    }

    private List<IndicatorEntry> entries(JsonNode object, String id)
            throws MalformedIndicatorException {
        if (!ID.matcher(id).matches()) {
            throw new MalformedIndicatorException("id is not indicator--{uuid}");
        }
        String version = object.path("spec_version").asText();
        if (!version.equals("2.1")) {
            throw new MalformedIndicatorException(
                    "spec_version is '" + EntryFields.clip(version, 20) + "'; export STIX 2.1");
        }
        String type = object.path("pattern_type").asText();
        if (!type.equals("stix")) {
            throw new MalformedIndicatorException(
                    "pattern_type is '" + EntryFields.clip(type, 20) + "'; only stix is read");
        }
        if (object.path("valid_from").asText().isEmpty()) {
            throw new MalformedIndicatorException("valid_from is missing");
        }
        @Nullable Instant from = time(object, "valid_from");
        @Nullable Instant until = time(object, "valid_until");
        EntryFields.checkPeriod(from, until);
        @Nullable Instant modified = time(object, "modified");
        int confidence =
                EntryFields.confidence(object.path("confidence").asText(), defaults.confidence());
        boolean revoked = object.path("revoked").asBoolean(false);
        List<String> labels = labels(object);
        String description = EntryFields.clip(object.path("name").asText(), EntryFields.MAX_TEXT);
        return StixPattern.keys(object.path("pattern").asText()).stream()
                .map(key ->
                        new IndicatorEntry(
                                key,
                                id,
                                from,
                                until,
                                revoked,
                                confidence,
                                defaults.severity(),
                                labels,
                                description,
                                modified))
                .toList();
    }

    private static @Nullable Instant time(JsonNode object, String field)
            throws MalformedIndicatorException {
        try {
            return EntryFields.time(object.path(field).asText());
        } catch (MalformedIndicatorException e) {
            throw new MalformedIndicatorException(field + ": " + e.getMessage());
        }
    }

    /** Labels, types, and kill chain phases of ATT&CK as its tags. */
    private static List<String> labels(JsonNode object) {
        Set<String> labels = new LinkedHashSet<>();
        for (JsonNode phase : object.path("kill_chain_phases")) {
            if (phase.path("kill_chain_name").asText().equals("mitre-attack")) {
                labels.add(
                        "attack."
                                + EntryFields.label(phase.path("phase_name").asText())
                                        .toLowerCase(Locale.ROOT));
            }
        }
        object.path("indicator_types")
                .forEach(type -> labels.add(EntryFields.label(type.asText())));
        object.path("labels").forEach(label -> labels.add(EntryFields.label(label.asText())));
        return labels.stream()
                .filter(label -> !label.isEmpty())
                .limit(EntryFields.MAX_LABELS)
                .toList();
    }
}
