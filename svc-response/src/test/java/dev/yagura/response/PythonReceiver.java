package dev.yagura.response;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The receiver of docs/how-to/receive-webhooks.md, as it stands there. */
final class PythonReceiver implements AutoCloseable {
    private static final Path PAGE = Path.of("..", "docs", "how-to", "receive-webhooks.md");
    private static final Pattern CODE = Pattern.compile("(?s)```python\n(.*?)```");
    private static final String LISTENING = "listening on ";

    private final Process process;
    private final LinkedBlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final String url;

    private PythonReceiver(Process process, BufferedReader output, String url) {
        this.process = process;
        this.url = url;
        Thread.ofVirtual().start(() -> output.lines().forEach(lines::add));
    }

    /** Empty where there is no python3, which is said on standard error. */
    static Optional<PythonReceiver> start(Path secrets) {
        try {
            Matcher code = CODE.matcher(Files.readString(PAGE));
            assertThat(code.find()).as("the page has a receiver").isTrue();
            Process process =
                    new ProcessBuilder("python3", "-c", code.group(1), secrets.toString(), "0")
                            .redirectError(ProcessBuilder.Redirect.INHERIT)
                            .start();
            BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
            String first = String.valueOf(lines.readLine());
            if (!first.startsWith(LISTENING)) {
                process.destroy();
                return missing("python3 said: " + first);
            }
            String port = first.substring(LISTENING.length());
            return Optional.of(
                    new PythonReceiver(process, lines, "http://127.0.0.1:" + port + "/"));
        } catch (IOException e) {
            return missing(String.valueOf(e.getMessage()));
        }
    }

    private static Optional<PythonReceiver> missing(String why) {
        System.err.println("THE RECEIVER OF " + PAGE + " IS NOT TESTED: " + why);
        return Optional.empty();
    }

    String url() {
        return url;
    }

    /** The next line that it prints. */
    String line() {
        try {
            return String.valueOf(lines.poll(30, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        process.destroy();
    }
}
