package dev.yagura.response.command;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CommandRunningTest {
    /** Half of a character is no text. */
    @Test
    void cutsBetweenCharacters() {
        assertThat(CommandRunning.cut("ab", 2)).isEqualTo("ab");
        assertThat(CommandRunning.cut("abc", 2)).isEqualTo("ab");
        assertThat(CommandRunning.cut("a😀b", 2)).isEqualTo("a");
        assertThat(CommandRunning.cut("a😀b", 3)).isEqualTo("a😀");
    }
}
