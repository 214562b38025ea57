package dev.yagura.indicator;

import java.util.ArrayList;
import java.util.List;

/** What a reader told. */
final class CollectedEntries implements EntrySink {
    final List<IndicatorEntry> entries = new ArrayList<>();
    final List<String> rejected = new ArrayList<>();
    final List<String> noticed = new ArrayList<>();
    int ignored;

    @Override
    public void entry(IndicatorEntry entry) {
        entries.add(entry);
    }

    @Override
    public void rejected(long line, String subject, String message) {
        rejected.add(line + " " + subject + ": " + message);
    }

    @Override
    public void noticed(long line, String subject, String message) {
        noticed.add(line + " " + subject + ": " + message);
    }

    @Override
    public void ignored() {
        ignored++;
    }

    List<String> values() {
        return entries.stream()
                .map(entry -> entry.key().kind().word() + " " + entry.key().value())
                .toList();
    }
}
