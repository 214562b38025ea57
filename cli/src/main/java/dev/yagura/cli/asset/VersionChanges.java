package dev.yagura.cli.asset;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import com.google.protobuf.util.JsonFormat;
import dev.yagura.cli.output.Printable;
import dev.yagura.proto.inventory.v1.Asset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What differs between two versions of an asset, a line for each field: "a.b: old → new", and for
 * lists, whose order means nothing, "a.b + element" and "a.b - element".
 */
final class VersionChanges {
    private static final int LONGEST = 300;
    private static final JsonFormat.Printer PRINTER =
            JsonFormat.printer().preservingProtoFieldNames().omittingInsignificantWhitespace();
    private static final String CONFIGURATION = "configuration";

    private VersionChanges() {}

    static List<String> between(Asset before, Asset after) {
        Map<String, SortedSet<String>> old = fields(before);
        Map<String, SortedSet<String>> now = fields(after);
        SortedSet<String> paths = new TreeSet<>(old.keySet());
        paths.addAll(now.keySet());
        List<String> lines = new ArrayList<>();
        for (String path : paths) {
            SortedSet<String> gone = new TreeSet<>(old.getOrDefault(path, new TreeSet<>()));
            SortedSet<String> come = new TreeSet<>(now.getOrDefault(path, new TreeSet<>()));
            SortedSet<String> both = new TreeSet<>(gone);
            both.retainAll(come);
            gone.removeAll(both);
            come.removeAll(both);
            if (both.isEmpty() && gone.size() == 1 && come.size() == 1) {
                lines.add(line(path + ": " + clip(gone.first()) + " → " + clip(come.first())));
            } else {
                gone.forEach(value -> lines.add(line(path + " - " + clip(value))));
                come.forEach(value -> lines.add(line(path + " + " + clip(value))));
            }
        }
        return lines;
    }

    private static String line(String text) {
        return Printable.of(text);
    }

    private static String clip(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
    }

    /** Values by path; times that differ in every version left out. */
    private static Map<String, SortedSet<String>> fields(Asset asset) {
        Asset told =
                asset.toBuilder()
                        .clearObservedTime()
                        .clearUpdateTime()
                        .clearCaptureTime()
                        .clearTombstoneTime()
                        .clearConfiguration()
                        .build();
        Map<String, SortedSet<String>> fields = new TreeMap<>();
        try {
            flatten("", struct(PRINTER.print(told)), fields);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("an asset cannot be written as JSON", e);
        }
        if (!asset.getConfiguration().isEmpty()) {
            try {
                flatten(CONFIGURATION, struct(asset.getConfiguration()), fields);
            } catch (InvalidProtocolBufferException e) {
                // No JSON object: as it is.
                add(CONFIGURATION, asset.getConfiguration(), fields);
            }
        }
        return fields;
    }

    private static Value struct(String json) throws InvalidProtocolBufferException {
        Struct.Builder struct = Struct.newBuilder();
        JsonFormat.parser().merge(json, struct);
        return Value.newBuilder().setStructValue(struct).build();
    }

    private static void flatten(String path, Value value, Map<String, SortedSet<String>> fields) {
        switch (value.getKindCase()) {
            case STRUCT_VALUE ->
                    value.getStructValue()
                            .getFieldsMap()
                            .forEach((key, inner) ->
                                    flatten(
                                            path.isEmpty() ? key : path + "." + key,
                                            inner,
                                            fields));
            case LIST_VALUE ->
                    value.getListValue()
                            .getValuesList()
                            .forEach(element -> add(path, text(element), fields));
            case NULL_VALUE, KIND_NOT_SET -> {}
            default -> add(path, text(value), fields);
        }
    }

    private static void add(String path, String text, Map<String, SortedSet<String>> fields) {
        fields.computeIfAbsent(path, missing -> new TreeSet<>()).add(text);
    }

    private static String text(Value value) {
        return switch (value.getKindCase()) {
            case STRING_VALUE -> value.getStringValue();
            case BOOL_VALUE -> Boolean.toString(value.getBoolValue());
            case NUMBER_VALUE -> number(value.getNumberValue());
            case STRUCT_VALUE -> {
                List<String> inner = new ArrayList<>();
                new TreeMap<>(value.getStructValue().getFieldsMap())
                        .forEach((key, each) -> inner.add(key + ": " + text(each)));
                yield "{" + String.join(", ", inner) + "}";
            }
            case LIST_VALUE ->
                    value.getListValue().getValuesList().stream()
                            .map(VersionChanges::text)
                            .toList()
                            .toString();
            case NULL_VALUE, KIND_NOT_SET -> "null";
        };
    }

    /** JSON knows no whole numbers. */
    private static String number(double number) {
        return number == Math.rint(number) && Math.abs(number) < 1e15
                ? Long.toString((long) number)
                : Double.toString(number);
    }
}
