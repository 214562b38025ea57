package dev.yagura.common.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yagura.common.error.InvalidFieldException;
import org.junit.jupiter.api.Test;

class TextsTest {
    @Test
    void takesOneLineOfPrintableText() {
        assertThat(Texts.optional("filter.instance_id", " i-0123 ", 255)).isEqualTo("i-0123");
        assertThat(Texts.optional("filter.instance_id", "", 255)).isEmpty();
    }

    @Test
    void namesTheFieldThatIsTooLongOrUnprintable() {
        assertThatThrownBy(() -> Texts.optional("filter.rule_id", "abc", 2))
                .isInstanceOf(InvalidFieldException.class)
                .hasMessageContaining("filter.rule_id");
        // PostgreSQL has no text with a NUL.
        assertThatThrownBy(() -> Texts.optional("filter.rule_id", "a\0b", 255))
                .isInstanceOf(InvalidFieldException.class)
                .hasMessageContaining("filter.rule_id");
        assertThatThrownBy(() -> Texts.required("display_name", " ", 255))
                .isInstanceOf(InvalidFieldException.class)
                .hasMessageContaining("display_name");
    }

    @Test
    void clipsWhatAnAgentSaysBetweenWholeCharacters() {
        assertThat(Texts.clip("a\nb", 10)).isEqualTo("a b");
        assertThat(Texts.clip("ab\ud83d\ude00", 3)).isEqualTo("ab");
    }
}
