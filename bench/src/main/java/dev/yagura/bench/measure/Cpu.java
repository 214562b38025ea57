package dev.yagura.bench.measure;

import dev.yagura.bench.platform.Platform;
import dev.yagura.bench.platform.ProcessFacts;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Processor time used so far.
 *
 * @param byProcess user and system time by the process's name
 */
record Cpu(Map<String, Duration> byProcess) {
    /** This process. */
    static final String GENERATOR = "load generator";

    static Cpu now(Platform platform) throws IOException {
        Map<String, Duration> all = new LinkedHashMap<>();
        platform.processes().forEach((name, pids) -> all.put(name, ProcessFacts.sum(pids).cpu()));
        all.put(GENERATOR, ProcessFacts.sum(List.of(ProcessHandle.current().pid())).cpu());
        return new Cpu(all);
    }

    /**
     * Time used since an earlier look, for each batch. A process that started anew in between
     * counts what it used since.
     */
    Map<String, Duration> perBatchSince(Cpu before, long batches) {
        Map<String, Duration> all = new LinkedHashMap<>();
        byProcess.forEach((name, time) -> {
            Duration used = time.minus(before.byProcess.getOrDefault(name, Duration.ZERO));
            all.put(name, (used.isNegative() ? time : used).dividedBy(Math.max(1, batches)));
        });
        return all;
    }
}
