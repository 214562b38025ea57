package dev.yagura.cli.evidence;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.yagura.common.evidence.CanonicalJson;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The text of a record.
 *
 * @param content as an object of JSON
 */
record RecordText(Map<?, ?> content) {
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

    private static final String EVENT_PREFIX = "EVIDENCE_EVENT_";

    /**
     * Reads a text.
     *
     * @throws EvidenceFormatException no object, or not in canonical form: a name twice or a space
     *     would be read by one reader in one way, by the next in another
     */
    static RecordText parse(String text) throws EvidenceFormatException {
        RecordText record = new RecordText(object(text));
        if (!record.canonical().equals(text)) {
            throw new EvidenceFormatException(
                    "is not in canonical form: it was written by something else than export");
        }
        return record;
    }

    /** The object's one text. */
    String canonical() throws EvidenceFormatException {
        try {
            return CanonicalJson.of(content);
        } catch (IllegalArgumentException e) {
            throw new EvidenceFormatException("is no record: " + e.getMessage());
        }
    }

    /** The action or the run that it is about. */
    String about() {
        return text("action") + text("playbookRun");
    }

    /** "actions/…, call_answered", for people. */
    String subject() {
        String event = text("event");
        return about()
                + ", "
                + (event.startsWith(EVENT_PREFIX) ? event.substring(EVENT_PREFIX.length()) : event)
                        .toLowerCase(Locale.ROOT);
    }

    /** A member; empty when it is absent or no text. */
    String text(String name) {
        @Nullable Object value = content.get(name);
        return value instanceof String text ? text : "";
    }

    private static Map<?, ?> object(String text) throws EvidenceFormatException {
        try {
            if (JSON.readValue(text, Object.class) instanceof Map<?, ?> map) {
                return map;
            }
        } catch (JacksonException e) {
            throw new EvidenceFormatException("is no JSON: " + e.getOriginalMessage());
        }
        throw new EvidenceFormatException("is no JSON object");
    }
}
