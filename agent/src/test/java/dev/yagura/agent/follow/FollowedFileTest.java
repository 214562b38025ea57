package dev.yagura.agent.follow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.telemetry.recording.LineSplitter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FollowedFileTest {
    private static final int POLLS = 20;

    @TempDir Path folder;

    private final List<String> lines = new ArrayList<>();
    private final List<Long> ends = new ArrayList<>();
    private Path log = Path.of("");

    @BeforeEach
    void nameTheLog() {
        log = folder.resolve("audit.log");
    }

    @Test
    void readsLinesAsTheyAreCompleted() throws IOException {
        try (FollowedFile file = follow()) {
            poll(file);
            write("one\ntw");
            poll(file);
            assertThat(lines).containsExactly("one");
            write("o\n");
            poll(file);
            assertThat(lines).containsExactly("one", "two");
        }
    }

    @Test
    void readsARenamedFileToItsEndAndThenTheNewOne() throws IOException {
        try (FollowedFile file = follow()) {
            write("one\n");
            poll(file);
            write("two\n");
            Files.move(log, folder.resolve("audit.log.1"));
            write("three\n");
            poll(file);
            assertThat(lines).containsExactly("one", "two", "three");
        }
    }

    @Test
    void followsSeveralRotationsInOrder() throws IOException {
        try (FollowedFile file = follow()) {
            write("one\n");
            poll(file);
            Files.move(log, folder.resolve("audit.log.2"));
            write("two\n");
            Files.move(log, folder.resolve("audit.log.1"));
            write("three\n");
            poll(file);
            assertThat(lines).containsExactly("one", "two", "three");
        }
    }

    @Test
    void beginsAgainAfterCopyAndTruncation() throws IOException {
        try (FollowedFile file = follow()) {
            write("one\ntwo\n");
            poll(file);
            Files.copy(log, folder.resolve("audit.log.1"), StandardCopyOption.REPLACE_EXISTING);
            Files.writeString(log, "", StandardOpenOption.TRUNCATE_EXISTING);
            write("three\n");
            poll(file);
            assertThat(lines).containsExactly("one", "two", "three");
        }
    }

    @Test
    void seesATruncationAlsoWhenTheFileHasGrownPastItsOldSize() throws IOException {
        try (FollowedFile file = follow()) {
            write("one\n");
            poll(file);
            Files.writeString(log, "another beginning\n", StandardOpenOption.TRUNCATE_EXISTING);
            poll(file);
            assertThat(lines).containsExactly("one", "another beginning");
        }
    }

    @Test
    void goesOnInARotatedFileAfterARestart() throws IOException {
        FilePosition position;
        try (FollowedFile file = follow()) {
            write("one\ntwo\n");
            poll(file);
            position = file.position(ends.getFirst()).orElseThrow();
        }
        Files.move(log, folder.resolve("audit.log.1"));
        write("three\n");
        lines.clear();
        try (FollowedFile file = follow()) {
            assertThat(file.resume(position)).isTrue();
            poll(file);
            assertThat(lines).containsExactly("two", "three");
        }
    }

    @Test
    void saysWhenTheFileOfThePositionIsGone() throws IOException {
        write("one\n");
        try (FollowedFile file = follow()) {
            assertThat(file.resume(new FilePosition(1, 2, 3, 4))).isFalse();
            poll(file);
            assertThat(lines).containsExactly("one");
        }
    }

    @Test
    void beginsAtTheEndWhenAsked() throws IOException {
        write("old\n");
        try (FollowedFile file = follow()) {
            file.skipToEnd();
            write("new\n");
            poll(file);
            assertThat(lines).containsExactly("new");
        }
    }

    @Test
    void keepsOnlyTheBeginningOfAnEndlessLine() throws IOException {
        write("x".repeat(LineSplitter.LONGEST_LINE + 100_000) + "\nnext\n");
        try (FollowedFile file = follow()) {
            for (int i = 0; i < 100; i++) {
                file.poll();
            }
            assertThat(lines).hasSize(2).element(0).asString().hasSize(LineSplitter.LONGEST_LINE);
        }
    }

    private FollowedFile follow() {
        return new FollowedFile(
                log,
                (line, end) -> {
                    lines.add(line);
                    ends.add(end);
                });
    }

    private static void poll(FollowedFile file) throws IOException {
        for (int i = 0; i < POLLS; i++) {
            file.poll();
        }
    }

    private void write(String text) throws IOException {
        Files.writeString(log, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
}
