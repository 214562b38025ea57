package dev.yagura.indicator;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PushbackReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Indicators as CSV: UTF-8, RFC 4180, a header line that names the columns, lines that begin with
 * "#" left out. docs/reference/indicator-formats.md describes the columns.
 */
public final class CsvIndicators {
    private static final String REQUIRED = "the header needs the columns type and value";

    private enum Column {
        TYPE,
        VALUE,
        VALID_FROM,
        VALID_UNTIL,
        REVOKED,
        CONFIDENCE,
        SEVERITY,
        LABELS,
        DESCRIPTION,
        ID;

        String title() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final IndicatorEntry.Defaults defaults;
    private final EntrySink sink;

    private CsvIndicators(IndicatorEntry.Defaults defaults, EntrySink sink) {
        this.defaults = defaults;
        this.sink = sink;
    }

    /**
     * Reads a file to its end. Lines that are no indicators are told, and left out.
     *
     * @throws UnreadableImportException without a header that names type and value
     */
    public static void read(InputStream in, IndicatorEntry.Defaults defaults, EntrySink sink)
            throws IOException, UnreadableImportException {
        Reader text = new InputStreamReader(in, StandardCharsets.UTF_8);
        new CsvIndicators(defaults, sink).read(new CsvRecords(new PushbackReader(text, 1)));
    }

    private void read(CsvRecords records) throws IOException, UnreadableImportException {
        CsvRecords.@Nullable Row header = records.next();
        while (header != null && isComment(header)) {
            header = records.next();
        }
        if (header == null) {
            throw new UnreadableImportException("is empty; " + REQUIRED);
        }
        Map<Column, Integer> columns = columns(header);
        for (CsvRecords.@Nullable Row row = records.next(); row != null; row = records.next()) {
            if (!isComment(row)) {
                row(row, columns, header.cells().size());
            }
        }
    }

    private static boolean isComment(CsvRecords.Row row) {
        return row.problem().isEmpty()
                && (row.cells().getFirst().startsWith("#")
                        || row.cells().size() == 1 && row.cells().getFirst().isBlank());
    }

    private Map<Column, Integer> columns(CsvRecords.Row header) throws UnreadableImportException {
        Map<Column, Integer> columns = new EnumMap<>(Column.class);
        for (int index = 0; index < header.cells().size(); index++) {
            String title = header.cells().get(index).strip().toLowerCase(Locale.ROOT);
            List<Column> named =
                    Arrays.stream(Column.values())
                            .filter(column -> column.title().equals(title))
                            .toList();
            if (named.isEmpty()) {
                sink.noticed(
                        header.line(),
                        EntryFields.clip(title, 40),
                        "is no column known here; its values are left out");
            } else if (columns.put(named.getFirst(), index) != null) {
                throw new UnreadableImportException("has the column " + title + " twice");
            }
        }
        if (!columns.keySet().containsAll(Set.of(Column.TYPE, Column.VALUE))) {
            throw new UnreadableImportException(
                    "does not begin with a header; "
                            + REQUIRED
                            + ", and may have "
                            + Arrays.stream(Column.values())
                                    .skip(2)
                                    .map(Column::title)
                                    .collect(Collectors.joining(", ")));
        }
        return columns;
    }

    private void row(CsvRecords.Row row, Map<Column, Integer> columns, int width)
            throws IOException {
        if (!row.problem().isEmpty()) {
            sink.rejected(row.line(), "", row.problem());
            return;
        }
        if (row.cells().size() > width) {
            sink.rejected(
                    row.line(),
                    "",
                    "has %d values for %d columns; quote values with commas"
                            .formatted(row.cells().size(), width));
            return;
        }
        new Line(row, columns).read();
    }

    /** One line while its columns are read. */
    private final class Line {
        private final CsvRecords.Row row;
        private final Map<Column, Integer> columns;
        private Column at = Column.TYPE;

        Line(CsvRecords.Row row, Map<Column, Integer> columns) {
            this.row = row;
            this.columns = columns;
        }

        void read() throws IOException {
            IndicatorEntry entry;
            try {
                entry = entry();
            } catch (MalformedIndicatorException e) {
                sink.rejected(row.line(), at.title(), String.valueOf(e.getMessage()));
                return;
            }
            sink.entry(entry);
        }

        private IndicatorEntry entry() throws MalformedIndicatorException {
            String type = cell(Column.TYPE).toLowerCase(Locale.ROOT);
            IndicatorKind kind =
                    IndicatorKind.ofWord(type)
                            .orElseThrow(() ->
                                    new MalformedIndicatorException(
                                            "'"
                                                    + EntryFields.clip(type, 40)
                                                    + "' is no type; write one of "
                                                    + Arrays.stream(IndicatorKind.values())
                                                            .map(IndicatorKind::word)
                                                            .collect(Collectors.joining(", "))));
            IndicatorKey key = IndicatorKey.parse(kind, cell(Column.VALUE));
            @Nullable Instant from = EntryFields.time(cell(Column.VALID_FROM));
            @Nullable Instant until = EntryFields.time(cell(Column.VALID_UNTIL));
            EntryFields.checkPeriod(from, until);
            return new IndicatorEntry(
                    key,
                    sourceId(),
                    from,
                    until,
                    EntryFields.flag(cell(Column.REVOKED)),
                    EntryFields.confidence(cell(Column.CONFIDENCE), defaults.confidence()),
                    EntryFields.severity(cell(Column.SEVERITY), defaults.severity()),
                    labels(),
                    EntryFields.clip(cell(Column.DESCRIPTION), EntryFields.MAX_TEXT),
                    null);
        }

        private String sourceId() throws MalformedIndicatorException {
            String id = cell(Column.ID);
            if (id.length() > EntryFields.MAX_SOURCE_ID) {
                throw new MalformedIndicatorException("an id has at most 200 characters");
            }
            return EntryFields.clip(id, EntryFields.MAX_SOURCE_ID);
        }

        private List<String> labels() {
            Set<String> seen = new HashSet<>();
            return Arrays.stream(cell(Column.LABELS).split(";"))
                    .map(EntryFields::label)
                    .filter(label -> !label.isEmpty() && seen.add(label))
                    .limit(EntryFields.MAX_LABELS)
                    .toList();
        }

        /** Empty when the line is shorter, or there is no such column. */
        private String cell(Column column) {
            at = column;
            @Nullable Integer index = columns.get(column);
            return index == null || index >= row.cells().size()
                    ? ""
                    : row.cells().get(index).strip();
        }
    }
}
