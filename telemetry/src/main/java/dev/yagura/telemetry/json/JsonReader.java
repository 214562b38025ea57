package dev.yagura.telemetry.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** Reads JSON objects into a record, token by token, without a tree. Not for several threads. */
public final class JsonReader {
    /** Values of one object; the rest of a larger one is not read. */
    private static final int MOST_VALUES = 20_000;

    /** Bytes a UTF-16 unit at most. */
    private static final int MOST_UTF8 = 3;

    private static final JsonFactory FACTORY =
            JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxNestingDepth(200)
                                    .maxStringLength(JsonSplitter.LONGEST_RECORD)
                                    .build())
                    .build();

    private final JsonPath root = JsonPath.root();
    private final JsonRecord record = new JsonRecord();
    private final Deque<JsonPath> open = new ArrayDeque<>();

    /**
     * The object in these bytes; empty when they are not one. Bytes that are not UTF-8 are read as
     * replacement characters.
     *
     * @return valid until the next call
     */
    public Optional<JsonRecord> read(byte[] bytes, int from, int to) {
        try (JsonParser parser = FACTORY.createParser(bytes, from, to - from)) {
            if (read(parser, to - from)) {
                return Optional.of(record);
            }
        } catch (IOException e) {
            return read(new String(bytes, from, to - from, StandardCharsets.UTF_8));
        }
        return Optional.empty();
    }

    /** The object in this text; empty when it is not one. */
    public Optional<JsonRecord> read(String text) {
        try (JsonParser parser = FACTORY.createParser(text)) {
            return read(parser, MOST_UTF8 * text.length()) ? Optional.of(record) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private boolean read(JsonParser parser, int bytes) throws IOException {
        record.begin(bytes);
        open.clear();
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            return false;
        }
        JsonPath at = root;
        JsonPath field = root;
        open.push(at);
        while (!open.isEmpty()) {
            switch (parser.nextToken()) {
                case FIELD_NAME -> field = at.child(parser.currentName());
                case START_OBJECT, START_ARRAY -> {
                    open.push(at);
                    at = field;
                }
                case END_OBJECT, END_ARRAY -> {
                    field = at;
                    at = open.pop();
                }
                case VALUE_NULL -> {}
                case VALUE_STRING, VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT, VALUE_TRUE, VALUE_FALSE ->
                        put(field, parser.getText());
                case null, default -> {
                    return false;
                }
            }
        }
        return true;
    }

    private void put(JsonPath path, String value) {
        if (record.size() < MOST_VALUES) {
            record.add(path, value);
        }
    }
}
