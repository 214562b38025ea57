package dev.yagura.bench.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SignalsTest {
    @Test
    void endsAProcessThatIsSuspended() throws IOException, InterruptedException {
        Process sleeper = new ProcessBuilder("sleep", "600").start();

        Signals.suspend(List.of(sleeper.pid()));
        Signals.kill(List.of(sleeper.pid()));

        assertThat(sleeper.waitFor(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void saysThatAProcessIsGone() throws Exception {
        Process ended = new ProcessBuilder("true").start();
        ended.waitFor();

        assertThatThrownBy(() -> Signals.kill(List.of(ended.pid())))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no such process");
    }
}
