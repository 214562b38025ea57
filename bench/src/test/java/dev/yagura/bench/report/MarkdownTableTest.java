package dev.yagura.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class MarkdownTableTest {
    @Test
    void writesHeadsRuleAndRows() {
        assertThat(new MarkdownTable("what", "figure").row("a|b", "1").toString())
                .isEqualTo("| what | figure |\n| --- | --- |\n| a\\|b | 1 |\n");
    }

    @Test
    void refusesARowOfAnotherWidth() {
        assertThatThrownBy(() -> new MarkdownTable("what", "figure").row("1"))
                .hasMessage("1 cells under 2 heads");
    }
}
