package dev.yagura.detection.process;

import java.util.List;

/**
 * A file through which one process tree started another.
 *
 * @param file written by the one, run (or scheduled to run) by the other
 * @param runner process of the started tree that runs it
 * @param writer chain of the process that wrote it, itself first, without shared processes
 * @param writtenNs corrected
 * @param inferred the command is named in the writer's command line, not in an event of its own
 */
public record Origin(
        String file,
        ProcessFacts runner,
        List<ProcessFacts> writer,
        long writtenNs,
        boolean inferred) {
    public Origin {
        writer = List.copyOf(writer);
    }
}
