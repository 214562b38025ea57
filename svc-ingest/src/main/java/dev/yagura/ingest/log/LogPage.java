package dev.yagura.ingest.log;

import java.util.List;

/**
 * Some entries of a partition.
 *
 * @param entries in order, without holes
 * @param last offset of the newest entry of the partition when they were read
 */
public record LogPage(List<StoredEntry> entries, long last) {
    public LogPage {
        entries = List.copyOf(entries);
    }
}
