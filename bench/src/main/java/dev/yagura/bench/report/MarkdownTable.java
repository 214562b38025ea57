package dev.yagura.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A table of text cells; a pipe in a cell is escaped. */
public final class MarkdownTable {
    private final List<List<String>> rows = new ArrayList<>();

    public MarkdownTable(String... heads) {
        rows.add(List.of(heads));
        rows.add(List.of(heads).stream().map(head -> "---").toList());
    }

    /**
     * Adds a row.
     *
     * @throws IllegalArgumentException it has not as many cells as there are heads
     */
    public MarkdownTable row(String... cells) {
        if (cells.length != rows.getFirst().size()) {
            throw new IllegalArgumentException(
                    "%d cells under %d heads".formatted(cells.length, rows.getFirst().size()));
        }
        rows.add(List.of(cells));
        return this;
    }

    @Override
    public String toString() {
        return rows.stream()
                .map(row ->
                        row.stream()
                                .map(cell -> cell.replace("|", "\\|"))
                                .collect(Collectors.joining(" | ", "| ", " |")))
                .collect(Collectors.joining("\n", "", "\n"));
    }
}
