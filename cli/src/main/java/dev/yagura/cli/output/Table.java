package dev.yagura.cli.output;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** Left-aligned columns, two spaces apart; the last column is as long as it is. */
final class Table {
    private static final int WIDEST = 60;

    private final List<List<String>> rows = new ArrayList<>();

    Table(List<String> titles) {
        rows.add(titles);
    }

    void row(List<String> cells) {
        rows.add(cells.stream().map(Table::oneLine).toList());
    }

    void print(PrintWriter out) {
        int columns = rows.getFirst().size();
        int[] widths = new int[columns];
        for (List<String> row : rows) {
            for (int i = 0; i < columns; i++) {
                widths[i] = Math.min(WIDEST, Math.max(widths[i], row.get(i).length()));
            }
        }
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < columns; i++) {
                String cell = row.get(i);
                line.append(cell);
                if (i < columns - 1) {
                    line.repeat(' ', Math.max(0, widths[i] - cell.length()) + 2);
                }
            }
            out.println(line.toString().stripTrailing());
        }
        out.flush();
    }

    /** Telemetry is hostile: control characters must not reach the terminal. */
    private static String oneLine(String text) {
        return Printable.of(text);
    }
}
