package dev.yagura.response.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HostDocumentTest {
    private static final Path FOLDER = Path.of("..", "deploy", "documents");

    /** Systems Manager takes 64 KB. */
    private static final int MOST_BYTES = 64 * 1024;

    /** With {@code -Dyagura.docs.write=true} it is written. */
    @ParameterizedTest
    @EnumSource(HostDocument.class)
    void isInstalledFromDeploy(HostDocument document) throws Exception {
        Path file = FOLDER.resolve(document.title() + ".json");
        if (Boolean.getBoolean("yagura.docs.write")) {
            Files.createDirectories(FOLDER);
            Files.writeString(file, document.content());
        }

        assertThat(file).hasContent(document.content());
        assertThat(Files.size(file)).isLessThan(MOST_BYTES);
    }

    @Test
    void nothingElseIsInstalled() throws Exception {
        try (Stream<Path> files = Files.list(FOLDER)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(
                            Arrays.stream(HostDocument.values())
                                    .map(document -> document.title() + ".json")
                                    .toList());
        }
    }
}
