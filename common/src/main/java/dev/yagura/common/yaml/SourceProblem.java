package dev.yagura.common.yaml;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What is wrong with a text, and where.
 *
 * @param line one-based; 0 when the whole text is meant
 * @param column one-based; 0 when the whole text is meant
 */
public record SourceProblem(int line, int column, String message) {
    private static final int MOST = 20;

    public static SourceProblem ofAll(String message) {
        return new SourceProblem(0, 0, message);
    }

    /** The first twenty by their place, a line each. */
    public static String text(List<SourceProblem> problems) {
        String first =
                problems.stream()
                        .sorted(
                                Comparator.comparingInt(SourceProblem::line)
                                        .thenComparingInt(SourceProblem::column))
                        .limit(MOST)
                        .map(SourceProblem::toString)
                        .collect(Collectors.joining("\n"));
        return problems.size() > MOST
                ? first + "\nand " + (problems.size() - MOST) + " more"
                : first;
    }

    @Override
    public String toString() {
        return line == 0 ? message : "line " + line + ", column " + column + ": " + message;
    }
}
