package dev.yagura.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FlightRecordingTest {
    @Test
    void keepsHeadsAndTheFirstRows() {
        String view =
                """

                             Java Methods that Executes the Most

                Method                     Samples Percent
                -------------------------- ------- -------
                """
                        + "a.b.C.d()                       10   5.3%\n".repeat(30)
                        + "\n\n";

        assertThat(FlightRecording.hottest(view))
                .hasSize(14)
                .startsWith(
                        "Method                     Samples Percent",
                        "-------------------------- ------- -------")
                .endsWith("a.b.C.d()                       10   5.3%");
    }
}
