package dev.yagura.bench.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProcessFactsTest {
    @Test
    void addsUserAndSystemTimeWhateverTheProgramIsCalled() {
        String stat = "42 (odd) name (x)) S 1 42 42 0 -1 4194560 9 0 0 0 150 50 7 7 20 0 1 0 99";

        assertThat(ProcessFacts.cpu(stat)).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void readsKibibytes() {
        assertThat(ProcessFacts.kibibytes("VmPeak:\t 9 kB\nVmRSS:\t  1234 kB\n", "VmRSS:"))
                .isEqualTo(1234);
    }

    @Test
    void readsThisProcess() throws IOException {
        ProcessFacts facts = ProcessFacts.of(ProcessHandle.current().pid());

        assertThat(facts.cpu()).isPositive();
        assertThat(facts.residentBytes()).isGreaterThan(10 << 20);
        assertThat(facts.proportionalBytes()).isBetween(1L, facts.residentBytes() + (64L << 20));
    }

    @Test
    void countsNothingForAProcessThatEnded() throws Exception {
        Process ended = new ProcessBuilder("true").start();
        ended.waitFor();

        assertThat(ProcessFacts.sum(List.of(ended.pid())).residentBytes()).isZero();
    }
}
