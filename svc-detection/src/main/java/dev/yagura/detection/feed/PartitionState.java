package dev.yagura.detection.feed;

import java.util.List;

/**
 * What is stored of a partition.
 *
 * @param cursor everything up to it is in alerts and marks
 * @param tableOffset the process tables are as of it
 */
record PartitionState(Place cursor, long tableOffset, List<Mark> marks, List<HostTable> tables) {
    PartitionState {
        marks = List.copyOf(marks);
        tables = List.copyOf(tables);
    }
}
