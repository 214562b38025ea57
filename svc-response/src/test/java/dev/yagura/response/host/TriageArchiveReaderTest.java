package dev.yagura.response.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yagura.response.action.RetryLaterException;
import dev.yagura.testkit.SettableClock;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TriageArchiveReaderTest {
    private static final long MOST = 1 << 20;

    @Test
    void countsWhatTheManifestLists() throws Exception {
        byte[] archive =
                new TarFile().with("host.txt", "web-1").with("files/0001", "x".repeat(1000)).gzip();

        TriageArchiveReader.Contents contents = read(archive);

        assertThat(contents.problem()).isEmpty();
        assertThat(contents.members()).isEqualTo(2);
        assertThat(contents.size()).isEqualTo(archive.length);
        assertThat(contents.sha256()).isEqualTo(TarFile.sha256(archive));
    }

    static Stream<Arguments> wrong() throws Exception {
        byte[] good = new TarFile().with("host.txt", "web-1").gzip();
        return Stream.of(
                Arguments.of(
                        new TarFile().listed("a", "one").unlisted("a", "two").gzip(),
                        "its member a is not what its manifest says"),
                Arguments.of(
                        new TarFile().with("a", "one").unlisted("b", "two").gzip(),
                        "its manifest does not list b"),
                Arguments.of(
                        new TarFile().with("a", "one").listed("b", "two").gzip(),
                        "its manifest lists 1 members that it does not have, b for one"),
                Arguments.of(
                        new TarFile().with("a", "one").gzip('2'), "its member a is no plain file"),
                Arguments.of(
                        new TarFile().with("a", "one").line("rm -rf /").gzip(),
                        "its manifest has a line that is none"),
                Arguments.of(
                        new TarFile().with("a", "one").listed("a", "one").gzip(),
                        "its manifest has a line that is none"),
                Arguments.of(new TarFile().gzip(), "its manifest has a line that is none"),
                Arguments.of(
                        new TarFile().with("a", "0".repeat(3 << 20)).gzip(),
                        "it holds more than 1048576 bytes"),
                Arguments.of(
                        "not at all".getBytes(StandardCharsets.UTF_8), "it is no gzip of a tar"),
                Arguments.of(new byte[0], "it is no gzip of a tar"),
                Arguments.of(Arrays.copyOf(good, good.length / 2), "it is no gzip of a tar"));
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void saysWhatIsWrong(byte[] archive, String problem) throws Exception {
        TriageArchiveReader.Contents contents = read(archive);

        assertThat(contents.problem().orElseThrow()).contains(problem);
        assertThat(contents.sha256()).as("of all of it").isEqualTo(TarFile.sha256(archive));
    }

    @Test
    void readsNoMoreThanItMay() throws Exception {
        byte[] archive = new TarFile().with("host.txt", "web-1").gzip();

        TriageArchiveReader.Contents contents =
                TriageArchiveReader.read(
                        new ByteArrayInputStream(archive), archive.length - 1, () -> {});

        assertThat(contents.isCut()).isTrue();
        assertThat(contents.problem().orElseThrow()).contains("is larger than");
    }

    /** That is no fault of the archive: it is read again. */
    @Test
    void aConnectionThatBreaksIsNoVerdict() throws Exception {
        byte[] archive = new TarFile().with("host.txt", "web-1").gzip();
        InputStream broken =
                new SequenceInputStream(
                        new ByteArrayInputStream(archive, 0, archive.length - 20),
                        new InputStream() {
                            @Override
                            public int read() throws IOException {
                                throw new IOException("reset by peer");
                            }
                        });

        assertThatThrownBy(() -> TriageArchiveReader.read(broken, MOST, () -> {}))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("reset by peer");
    }

    /** The action's lease is kept, and what drips is given up. */
    @Test
    void readingGoesOnForAWhileOnly() throws Exception {
        byte[] archive = new TarFile().with("host.txt", "web-1").gzip();
        SettableClock clock = new SettableClock(Instant.EPOCH);
        AtomicInteger extended = new AtomicInteger();
        ReadingTime time = new ReadingTime(clock, extended::incrementAndGet);
        clock.set(Instant.EPOCH.plusSeconds(6));

        TriageArchiveReader.read(new ByteArrayInputStream(archive), MOST, time);
        assertThat(extended).hasValue(1);

        clock.set(Instant.EPOCH.plusSeconds(301));
        assertThatThrownBy(() ->
                        TriageArchiveReader.read(new ByteArrayInputStream(archive), MOST, time))
                .isInstanceOf(RetryLaterException.class)
                .hasMessageContaining("within 5 minutes");
    }

    private static TriageArchiveReader.Contents read(byte[] archive) {
        return TriageArchiveReader.read(new ByteArrayInputStream(archive), MOST, () -> {});
    }
}
