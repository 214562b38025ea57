package dev.yagura.bench.measure;

import dev.yagura.bench.platform.Platform;
import dev.yagura.bench.platform.ProcessFacts;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Memory of every process of a platform.
 *
 * @param byProcess by the process's name, in the platform's order
 */
public record Memory(Map<String, ProcessFacts> byProcess) {

    /** Now. */
    static Memory of(Platform platform) throws IOException {
        Map<String, ProcessFacts> all = new LinkedHashMap<>();
        platform.processes().forEach((name, pids) -> all.put(name, ProcessFacts.sum(pids)));
        return new Memory(all);
    }

    /** Resident memory together; a page that several processes share counts several times. */
    public long residentBytes() {
        return byProcess.values().stream().mapToLong(ProcessFacts::residentBytes).sum();
    }

    /** Together, each page counted once. */
    public long proportionalBytes() {
        return byProcess.values().stream().mapToLong(ProcessFacts::proportionalBytes).sum();
    }
}
