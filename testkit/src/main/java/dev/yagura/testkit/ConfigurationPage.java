package dev.yagura.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.common.config.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A service's page of the configuration reference, made from its config classes:
 *
 * <pre>{@code
 * @Test
 * void configurationPageIsCurrent() {
 *     ConfigurationPage.of("ingest", "svc-ingest").check(IngestConfig.documented());
 * }
 * }</pre>
 *
 * <p>Run the test with {@code -Dyagura.docs.write=true} to write the page anew.
 */
public final class ConfigurationPage {
    private static final String WRITE = "yagura.docs.write";

    private final String title;
    private final Path page;

    private ConfigurationPage(String title, Path page) {
        this.title = title;
        this.page = page;
    }

    /**
     * A page below docs/reference/configuration of the repository that this module is in.
     *
     * @param service names the page, for example "ingest"
     * @param title for example "svc-ingest"
     */
    public static ConfigurationPage of(String service, String title) {
        Path docs = Path.of("..", "docs", "reference", "configuration");
        return new ConfigurationPage(title, docs.resolve(service + ".md"));
    }

    /** Fails when the page is not what the settings that were read say. */
    public void check(Settings read) throws IOException {
        String expected = text(read.knownKeys());
        if (Boolean.getBoolean(WRITE)) {
            Files.createDirectories(page.getParent());
            Files.writeString(page, expected);
        }
        assertThat(page)
                .as("run this test with -D%s=true to write the page anew", WRITE)
                .hasContent(expected);
    }

    private String text(List<Settings.Key> keys) {
        return keys.stream()
                .map(ConfigurationPage::row)
                .collect(
                        Collectors.joining(
                                "\n",
                                """
                                # Configuration of %s

                                Properties, or environment variables by MicroProfile's rule (other than letters and digits become `_`,
                                then upper case). An unknown key stops the start. This page is checked against the code by a test.

                                | key | type | default | what |
                                |---|---|---|---|
                                """
                                        .formatted(title),
                                "\n"));
    }

    private static String row(Settings.Key key) {
        String value = key.defaultValue().isEmpty() ? "empty" : "`" + key.defaultValue() + "`";
        return "| `%s` | %s | %s | %s |"
                .formatted(
                        key.name(),
                        key.type().replace("|", "\\|"),
                        key.defaultValue().equals("required") ? "required" : value,
                        key.description().replace("|", "\\|"));
    }
}
