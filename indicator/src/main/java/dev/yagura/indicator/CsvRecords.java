package dev.yagura.indicator;

import java.io.IOException;
import java.io.PushbackReader;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Records of a CSV file (RFC 4180), also with LF alone and with a byte order mark. */
final class CsvRecords {
    private static final int MAX_CHARACTERS = 64 * 1024;
    private static final int BYTE_ORDER_MARK = 0xfeff;

    private final PushbackReader in;
    private long line = 1;

    /**
     * One record.
     *
     * @param line that it begins in
     * @param problem why its cells cannot be used; empty when they can
     */
    record Row(long line, List<String> cells, String problem) {
        Row {
            cells = List.copyOf(cells);
        }
    }

    CsvRecords(PushbackReader in) {
        this.in = in;
    }

    /** Null at the end. */
    @Nullable Row next() throws IOException {
        int c = in.read();
        if (c == BYTE_ORDER_MARK && line == 1) {
            c = in.read();
        }
        if (c < 0) {
            return null;
        }
        long first = line;
        List<String> cells = new ArrayList<>();
        StringBuilder cell = new StringBuilder();
        int characters = 0;
        boolean quoted = false;
        boolean wasQuoted = false;
        while (true) {
            if (c < 0 || !quoted && c == '\n') {
                break;
            }
            if (quoted && c == '"') {
                int after = in.read();
                if (after == '"') {
                    cell.append('"');
                } else {
                    quoted = false;
                    unread(after);
                }
            } else if (!quoted && c == '"' && cell.isEmpty() && !wasQuoted) {
                quoted = true;
                wasQuoted = true;
            } else if (!quoted && c == ',') {
                cells.add(cell.toString());
                cell.setLength(0);
                wasQuoted = false;
            } else if (quoted || c != '\r') {
                cell.append((char) c);
            }
            if (c == '\n') {
                line++;
            }
            if (++characters > MAX_CHARACTERS) {
                return tooLong(first, quoted);
            }
            c = in.read();
        }
        line++;
        cells.add(cell.toString());
        return quoted
                ? new Row(first, cells, "has a quote that is never closed")
                : new Row(first, cells, "");
    }

    /** An open quote would swallow the whole file: goes on at the next line. */
    private Row tooLong(long first, boolean quoted) throws IOException {
        int c = in.read();
        while (c >= 0 && c != '\n') {
            c = in.read();
        }
        line++;
        return new Row(
                first,
                List.of(""),
                quoted
                        ? "has a quote that is not closed within 64 KiB"
                        : "has more than 64 KiB in one line");
    }

    private void unread(int c) throws IOException {
        if (c >= 0) {
            in.unread(c);
        }
    }
}
