package dev.yagura.cli.rule;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import dev.yagura.cli.output.Texts;
import dev.yagura.proto.detection.v1.MatchedField;
import dev.yagura.proto.detection.v1.RuleReference;
import dev.yagura.proto.detection.v1.Severity;
import dev.yagura.proto.telemetry.v1.Event;
import dev.yagura.sigma.correlation.CorrelationMatch;
import dev.yagura.sigma.engine.RuleMatch;
import dev.yagura.sigma.pack.Rule;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

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
            rule(json, match.rule(), match.severity());
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

    /** Adds a line of a correlation. */
    void add(Rule rule, CorrelationMatch match) {
        Rule.Content.Correlation correlation = rule.correlation().orElseThrow();
        try (JsonGenerator json = JSON.createGenerator(lines)) {
            json.writeStartObject();
            rule(json, rule.reference(1), Rule.severity(correlation.level()));
            json.writeObjectFieldStart("correlation");
            json.writeStringField("id", match.id().toString());
            json.writeStringField(
                    "type", correlation.definition().type().name().toLowerCase(Locale.ROOT));
            json.writeObjectFieldStart("group");
            List<String> fields = correlation.definition().groupBy();
            for (int i = 0; i < fields.size(); i++) {
                json.writeStringField(fields.get(i), match.group().values().get(i));
            }
            json.writeEndObject();
            json.writeStringField("earliest", time(match.earliestNs()));
            json.writeNumberField("events", match.events());
            texts(json, "first_events", match.firstEventIds());
            texts(json, "last_events", match.lastEventIds());
            json.writeEndObject();
            json.writeStringField("time", time(match.firstNs()));
            json.writeStringField("last_time", time(match.lastNs()));
            json.writeEndObject();
            json.writeRaw('\n');
        } catch (IOException e) {
            throw new UncheckedIOException("memory takes every text", e);
        }
    }

    private static void rule(JsonGenerator json, RuleReference rule, Severity severity)
            throws IOException {
        json.writeStringField("rule_id", rule.getId());
        json.writeStringField("title", rule.getTitle());
        json.writeStringField("level", Texts.of(severity));
        texts(json, "techniques", rule.getTechniquesList());
    }

    private static void texts(JsonGenerator json, String name, List<String> texts)
            throws IOException {
        json.writeArrayFieldStart(name);
        for (String text : texts) {
            json.writeString(text);
        }
        json.writeEndArray();
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
