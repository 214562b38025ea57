package dev.yagura.gateway.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.gateway.access.AccessTable;
import io.helidon.http.Method;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class HttpTableTest {
    private static final HttpTable TABLE = HttpTable.complete(AccessTable.complete());

    private static final Path PAGE = Path.of("..", "docs", "reference", "json-api.md");

    @Test
    void everyPathLeadsToItsOwnMethod() {
        TABLE.byPath()
                .forEach((path, rules) -> {
                    String sent = path.replaceAll("\\{id\\d?}", "x1");
                    for (HttpRule rule : rules) {
                        assertThat(TABLE.match(rule.verb(), sent))
                                .as(rule.verb().text() + " " + sent)
                                .hasValueSatisfying(
                                        match -> assertThat(match.rule()).isEqualTo(rule));
                    }
                });
    }

    @Test
    void namesAreFoundInPathsAsTheyWereMeant() {
        assertThat(TABLE.match(Method.PATCH, "/v1/rules/own/5f2e%20x/deployment"))
                .hasValueSatisfying(match ->
                        assertThat(match.variables())
                                .isEqualTo(
                                        Map.of("deployment.name", "rules/own/5f2e x/deployment")));
        assertThat(TABLE.match(Method.GET, "/v1/actions/1/more")).isEmpty();
        assertThat(TABLE.match(Method.GET, "/v1/actions/")).isEmpty();
        assertThat(TABLE.match(Method.POST, "/v1/actions/1:nothing")).isEmpty();
        assertThat(TABLE.verbs("/v1/playbooks/miner")).containsExactly("DELETE", "GET", "PATCH");
    }

    @Test
    void thePageListsEveryPath() throws IOException {
        String page = Files.readString(PAGE);
        String head = page.substring(0, page.indexOf("## Paths") + "## Paths".length());
        String expected = head + "\n\n| path | method |\n|---|---|\n" + rows();
        if (Boolean.getBoolean("yagura.docs.write")) {
            Files.writeString(PAGE, expected);
        }

        assertThat(Files.readString(PAGE))
                .as("write it with -Dyagura.docs.write=true")
                .isEqualTo(expected);
    }

    private static String rows() {
        return TABLE.byPath().values().stream()
                .flatMap(List::stream)
                .map(rule ->
                        "| `"
                                + rule.verb().text()
                                + " "
                                + rule.path().expanded()
                                + "` | "
                                + rule.method().getService().getName()
                                + "."
                                + rule.method().getName()
                                + (rule.isStream() ? ", lines" : "")
                                + " |\n")
                .collect(Collectors.joining());
    }
}
