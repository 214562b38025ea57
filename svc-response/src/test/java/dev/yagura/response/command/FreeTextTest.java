package dev.yagura.response.command;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Which documents run whatever text they are given. */
class FreeTextTest {
    @Test
    void aLimitedParameterIsNoFreeText() {
        assertThat(FreeText.in(document("\"allowedPattern\": \"^[a-z]+$\"", "echo {{ p }}")))
                .isEmpty();
        assertThat(FreeText.in(document("\"allowedValues\": [\"a\", \"b\"]", "echo {{p}}")))
                .isEmpty();
        assertThat(FreeText.in(document("\"default\": \"a\"", "echo nothing"))).isEmpty();
        assertThat(FreeText.in(document("\"default\": \"a\"", "echo {{ global:REGION }}")))
                .isEmpty();
    }

    @Test
    void anUnlimitedOneIsWhereverItIsPut() {
        assertThat(FreeText.in(document("\"default\": \"a\"", "echo '{{ p }}'")))
                .hasValueSatisfying(reason -> assertThat(reason).contains("parameter p"));
    }

    @Test
    void soIsWhatFetchesOrCannotBeRead() {
        assertThat(
                        FreeText.in(
                                "{\"schemaVersion\":\"2.2\",\"mainSteps\":[{\"action\":\"aws:downloadContent\"}]}"))
                .hasValueSatisfying(reason -> assertThat(reason).contains("aws:downloadContent"));
        assertThat(FreeText.in("{\"schemaVersion\":\"1.2\",\"runtimeConfig\":{}}"))
                .hasValueSatisfying(reason -> assertThat(reason).contains("old schema"));
        assertThat(FreeText.in("schemaVersion: '2.2'")).isPresent();
        assertThat(FreeText.in("[]")).isPresent();
    }

    private static String document(String limit, String script) {
        return """
        {"schemaVersion": "2.2",
         "parameters": {"p": {"type": "String", %s}},
         "mainSteps": [{"action": "aws:runShellScript", "name": "run",
                        "inputs": {"runCommand": ["%s"]}}]}
        """
                .formatted(limit, script);
    }
}
