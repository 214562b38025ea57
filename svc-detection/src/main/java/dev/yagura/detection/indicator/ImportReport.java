package dev.yagura.detection.indicator;

import dev.yagura.indicator.EntrySink;
import dev.yagura.indicator.IndicatorEntry;
import dev.yagura.proto.detection.v1.ImportProblem;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Hands entries on, and keeps what was left out of an import and why. */
final class ImportReport implements EntrySink {
    private static final int MOST_PROBLEMS = 1_000;

    /** A message of the answer must stay below what clients take. */
    private static final int MAX_TEXT = 500;

    private final Consumer<IndicatorEntry> taker;
    private final List<ImportProblem> problems = new ArrayList<>();
    private long entries;
    private long rejected;
    private long ignored;

    ImportReport(Consumer<IndicatorEntry> taker) {
        this.taker = taker;
    }

    @Override
    public void entry(IndicatorEntry entry) {
        entries++;
        taker.accept(entry);
    }

    @Override
    public void rejected(long line, String subject, String message) {
        rejected++;
        noticed(line, subject, message);
    }

    @Override
    public void noticed(long line, String subject, String message) {
        if (problems.size() < MOST_PROBLEMS) {
            problems.add(
                    ImportProblem.newBuilder()
                            .setLine(line)
                            .setSubject(subject)
                            .setMessage(
                                    message.length() <= MAX_TEXT
                                            ? message
                                            : message.substring(0, MAX_TEXT - 1) + "…")
                            .build());
        }
    }

    @Override
    public void ignored() {
        ignored++;
    }

    long entries() {
        return entries;
    }

    long rejected() {
        return rejected;
    }

    long ignoredObjects() {
        return ignored;
    }

    List<ImportProblem> problems() {
        return List.copyOf(problems);
    }
}
