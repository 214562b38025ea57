package dev.yagura.response.host;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HostReportTest {
    @Test
    void readsFactsUpToTheEnd() {
        HostReport report =
                HostReport.parse(
                                """
                                noise of a login script
                                yagura-report 1
                                killed 42 1700000000000000000 L2Jpbi9zaA==
                                end 0
                                more noise
                                """)
                        .orElseThrow();

        assertThat(report.complete()).isTrue();
        assertThat(report.facts()).hasSize(1);
        assertThat(report.first("killed").orElseThrow().text(2)).isEqualTo("/bin/sh");
        assertThat(report.first("killed").orElseThrow().value(7)).isEmpty();
    }

    @Test
    void outputThatWasCutIsIncomplete() {
        HostReport report = HostReport.parse("yagura-report 1\nkilled 42 17").orElseThrow();

        assertThat(report.complete()).isFalse();
    }

    @Test
    void aScriptThatDidNotReportSaysNothing() {
        assertThat(HostReport.parse("")).isEmpty();
        assertThat(HostReport.parse("sh: 1: Syntax error")).isEmpty();
    }

    @Test
    void textThatIsNoBase64IsShownAsItIs() {
        HostReport report = HostReport.parse("yagura-report 1\nrefused !!\nend 3").orElseThrow();

        assertThat(report.refusal()).contains("!!");
    }
}
