package dev.yagura.cli.rule;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import dev.yagura.cli.output.Texts;
import dev.yagura.proto.detection.v1.MatchedField;
import dev.yagura.proto.telemetry.v1.Event;
import dev.yagura.sigma.engine.RuleMatch;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;

/** Matches as JSON, one object a line; in ASCII, since values of telemetry are hostile. */
final class MatchLines {
    private static final JsonFactory JSON =
            JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();
    private static final long NANOS = 1_000_000_000L;

    private final String file;
    private final StringWriter lines = new StringWriter();

    MatchLines(String file) {
        this.file = file;
    }

    /** Adds a line. */
    void add(long record, Event event, RuleMatch match) {
        try (JsonGenerator json = JSON.createGenerator(lines)) {
            json.writeStartObject();
            json.writeStringField("rule_id", match.rule().getId());
            json.writeStringField("title", match.rule().getTitle());
            json.writeStringField("level", Texts.of(match.severity()));
            json.writeArrayFieldStart("techniques");
            for (String technique : match.rule().getTechniquesList()) {
                json.writeString(technique);
            }
            json.writeEndArray();
            json.writeStringField("file", file);
            json.writeNumberField("record", record);
            text(json, "record_id", event.getSourceRecordId());
            json.writeStringField("time", time(event.getTimeNs()));
            text(json, "host", host(event));
            json.writeStringField("source", event.getSource());
            text(json, "channel", event.getUnmappedOrDefault("Channel", ""));
            text(json, "event_id", event.getUnmappedOrDefault("EventID", ""));
            json.writeArrayFieldStart("fields");
            for (MatchedField field : match.matchedFields()) {
                json.writeStartObject();
                json.writeStringField("field", field.getField());
                json.writeStringField("value", field.getValue());
                json.writeStringField("selection", field.getSelection());
                json.writeStringField("pattern", field.getPattern());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
            json.writeRaw('\n');
        } catch (IOException e) {
            throw new UncheckedIOException("memory takes every text", e);
        }
    }

    String text() {
        return lines.toString();
    }

    private static void text(JsonGenerator json, String name, String value) throws IOException {
        if (!value.isEmpty()) {
            json.writeStringField(name, value);
        }
    }

    private static String host(Event event) {
        String computer = event.getUnmappedOrDefault("Computer", "");
        return computer.isEmpty() ? event.getUnmappedOrDefault("hostname", "") : computer;
    }

    private static String time(long nanos) {
        return Instant.ofEpochSecond(Math.floorDiv(nanos, NANOS), Math.floorMod(nanos, NANOS))
                .toString();
    }
}
