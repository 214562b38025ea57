package dev.yagura.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;

/** The examples of a page of the documentation, run as a reader would. */
public final class DocumentedCode {
    private static final long LIMIT_SECONDS = 60;

    private final Path page;

    /** How a program ended. */
    public record Result(int exitCode, String output, String errors) {}

    private DocumentedCode(Path page) {
        this.page = page;
    }

    public static DocumentedCode of(Path page) {
        return new DocumentedCode(page);
    }

    /** All blocks of one language, in their order, as one program. */
    public String blocks(String language) throws IOException {
        List<String> blocks =
                Pattern.compile(
                                "^```" + language + "\n(.*?)^```$",
                                Pattern.MULTILINE | Pattern.DOTALL)
                        .matcher(Files.readString(page))
                        .results()
                        .map((MatchResult block) -> block.group(1))
                        .toList();
        if (blocks.isEmpty()) {
            throw new IllegalStateException(page + " has no block of " + language);
        }
        return String.join("\n", blocks);
    }

    /**
     * Runs all blocks of a language. Skips the test, saying so, where the program that runs them is
     * not installed.
     *
     * @param program for example "python3"; gets the name of a file
     */
    public Result run(String language, String program, Map<String, String> environment)
            throws IOException, InterruptedException {
        Assumptions.assumeTrue(isInstalled(program), program + " is not installed");
        try (TemporaryFolder folder = TemporaryFolder.create("yagura-example")) {
            Path file = Files.writeString(folder.path().resolve("example"), blocks(language));
            Path output = folder.path().resolve("output");
            Path errors = folder.path().resolve("errors");
            ProcessBuilder command =
                    new ProcessBuilder(program, file.toString())
                            .redirectOutput(output.toFile())
                            .redirectError(errors.toFile());
            command.environment().putAll(environment);
            Process process = command.start();
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException(
                        program + " does not end: " + Files.readString(errors));
            }
            return new Result(
                    process.exitValue(), Files.readString(output), Files.readString(errors));
        }
    }

    private static boolean isInstalled(String program) {
        return List.of(System.getenv("PATH").split(":")).stream()
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }
}
