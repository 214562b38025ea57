package dev.yagura.agent;

import dev.yagura.agent.event.BadLineReport;
import dev.yagura.agent.failure.AgentFailure;
import dev.yagura.agent.follow.FilePosition;
import dev.yagura.agent.follow.FollowedFile;
import dev.yagura.agent.follow.Positions;
import dev.yagura.telemetry.event.EventParser;
import dev.yagura.telemetry.recording.Format;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A file that is followed into the spool. Its position is saved only at ends of lines where no
 * event is open and after everything before is forced to disk: a crash repeats events, it loses
 * none.
 */
final class FollowedSource implements AutoCloseable {
    /** Formats of which the agent follows files. */
    private static final Set<Format> FOLLOWED = Set.of(Format.AUDITD, Format.SYSMON_LINUX);

    private final Spec spec;
    private final RunningAgent agent;
    private final FollowedFile file;
    private final EventParser parser;
    private @Nullable FilePosition complete;

    /** "format:file" */
    record Spec(Format format, Path file) {
        static Spec parse(String text) {
            int colon = text.indexOf(':');
            Optional<Format> format =
                    Format.named(text.substring(0, Math.max(0, colon))).filter(FOLLOWED::contains);
            if (format.isEmpty() || colon == text.length() - 1) {
                throw new AgentFailure(
                        AgentFailure.Kind.USAGE,
                        "--source: expected auditd:FILE or sysmon-linux:FILE, got '" + text + "'");
            }
            return new Spec(format.get(), Path.of(text.substring(colon + 1)).toAbsolutePath());
        }

        @Override
        public String toString() {
            return format.word() + ":" + file;
        }
    }

    FollowedSource(Spec spec, RunningAgent agent, String bootId, Clock clock) {
        this.spec = spec;
        this.agent = agent;
        this.parser =
                spec.format()
                        .parser(
                                bootId,
                                clock,
                                new BadLineReport(
                                        spec.toString(), agent.counters(), agent.problems()),
                                agent.batches());
        this.file = new FollowedFile(spec.file(), this::line);
    }

    /** Goes on where the last run ended, or begins. */
    void begin(Positions positions, boolean fromEnd) throws IOException {
        Optional<FilePosition> known = positions.of(spec.toString());
        if (known.isPresent()) {
            if (!file.resume(known.get())) {
                agent.problems()
                        .say(
                                "rotation:" + spec,
                                spec.file()
                                        + " was rotated away while the agent was stopped; what was in between is lost. Keep more rotated files");
            }
        } else if (fromEnd) {
            file.skipToEnd();
        }
    }

    /** Reads what there is; true when there was something. */
    boolean poll() {
        try {
            int read = file.poll();
            if (read == 0) {
                // Only then is the source silent, and not this agent slow.
                parser.tick(System.nanoTime());
            }
            agent.problems().solved("source:" + spec);
            return read > 0;
        } catch (IOException e) {
            agent.problems()
                    .say(
                            "source:" + spec,
                            "cannot read "
                                    + spec.file()
                                    + " ("
                                    + e.getMessage()
                                    + "): run as a user that may read it");
            return false;
        }
    }

    /** True while records of an event are missing that are probably being written now. */
    boolean isHolding() {
        return parser.isHolding();
    }

    /** No line will come any more. */
    void finish() throws IOException {
        parser.finish();
        complete = file.endOfLines().or(() -> Optional.ofNullable(complete)).orElse(null);
    }

    /** To be called after everything read is forced to disk. */
    void savePosition(Positions positions) {
        if (complete != null) {
            positions.put(spec.toString(), complete);
        }
    }

    private void line(String line, long end) {
        parser.line(line);
        if (!parser.isHolding()) {
            try {
                complete = file.position(end).orElse(complete);
            } catch (IOException e) {
                agent.problems()
                        .say(
                                "source:" + spec,
                                "cannot read " + spec.file() + " (" + e.getMessage() + ")");
            }
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
