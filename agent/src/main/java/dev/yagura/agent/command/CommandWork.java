package dev.yagura.agent.command;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.yagura.common.log.LogKeys;
import dev.yagura.proto.response.v1.AgentCommand;
import dev.yagura.proto.response.v1.AgentCommandResult;
import dev.yagura.proto.response.v1.CommandOutcome;
import dev.yagura.proto.response.v1.SignedCommand;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes commands and runs them, a few at a time, so that a long collection does not hold up a cut.
 * Answers go to the stream that is open then; what it does not get, the next one does.
 */
final class CommandWork implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CommandWork.class);

    private static final int AT_ONCE = 4;

    /** An interrupted run that is older than this is not gone on with by itself. */
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(6);

    /** Of the documents: another run of the same id is at work. */
    private static final int BUSY = 4;

    private final CommandCheck check;
    private final CommandLedger ledger;
    private final ScriptHost host;
    private final Path folder;
    private final Clock clock;
    private final Semaphore free = new Semaphore(AT_ONCE);
    private final ExecutorService threads =
            Executors.newCachedThreadPool(
                    Thread.ofPlatform().daemon().name("command-", 0).factory());
    private volatile Answers answers = Answers.NOBODY;

    /** Who is told. */
    interface Answers {
        /** While no stream is open. */
        Answers NOBODY =
                new Answers() {
                    @Override
                    public void receipt(String runId) {
                        // The command comes again, or its result says it.
                    }

                    @Override
                    public void result(AgentCommandResult result) {
                        // The ledger has it.
                    }
                };

        void receipt(String runId);

        void result(AgentCommandResult result);
    }

    CommandWork(
            CommandCheck check, CommandLedger ledger, ScriptHost host, Path folder, Clock clock) {
        this.check = check;
        this.ledger = ledger;
        this.host = host;
        this.folder = folder;
        this.clock = clock;
    }

    /** Goes on with what an earlier process has left. */
    void resume() {
        ledger.open().forEach(this::resume);
    }

    private void resume(CommandLedger.Entry entry) {
        try {
            AgentCommand command = AgentCommand.parseFrom(entry.command());
            Instant latest = Instant.ofEpochSecond(entry.expires()).plus(LONGEST_PAUSE);
            if (clock.instant().isAfter(latest)) {
                end(interrupted(entry.runId(), "the agent ended meanwhile, and came back later"));
                return;
            }
            String script = check.rendered(command);
            if (free.tryAcquire()) {
                begin(command, script, check.document(command).timeout());
            } else {
                end(interrupted(entry.runId(), "the agent ended meanwhile"));
            }
        } catch (InvalidProtocolBufferException e) {
            end(interrupted(entry.runId(), "the agent's note of it is damaged"));
        } catch (RefusedCommandException e) {
            end(interrupted(entry.runId(), e.reason()));
        }
    }

    /** From now on answers go here, first the results that nobody has acknowledged. */
    void answerTo(Answers stream) {
        answers = stream;
        ledger.open().forEach(each -> stream.receipt(each.runId()));
        ledger.unacknowledged().forEach(stream::result);
    }

    void acknowledged(String runId) {
        try {
            ledger.acknowledged(runId);
        } catch (IOException e) {
            // It is sent again, and acknowledged again.
            LOG.atWarn()
                    .addKeyValue(LogKeys.REASON, String.valueOf(e.getMessage()))
                    .log("cannot note that a result is acknowledged");
        }
    }

    /** Takes it, answers it again, or refuses it. */
    void receive(SignedCommand signed) {
        try {
            AgentCommand command = check.authentic(signed);
            Optional<CommandLedger.Entry> known = ledger.find(command.getRunId());
            if (known.isPresent()) {
                again(known.get(), signed.getCommand());
            } else {
                take(command, signed.getCommand());
            }
        } catch (RefusedCommandException e) {
            String runId = CommandCheck.claimedRunId(signed);
            LOG.atWarn().addKeyValue(LogKeys.REASON, e.reason()).log("command refused");
            answers.result(
                    AgentCommandResult.newBuilder()
                            .setRunId(runId)
                            .setOutcome(CommandOutcome.COMMAND_OUTCOME_REFUSED)
                            .setReason(e.reason())
                            .build());
        }
    }

    private void again(CommandLedger.Entry known, ByteString bytes) throws RefusedCommandException {
        if (!known.sha256().equals(HostDocument.sha256(bytes.toByteArray()))) {
            throw new RefusedCommandException("another command with this run id was taken before");
        }
        if (known.lacksResult()) {
            answers.receipt(known.runId());
        } else {
            answers.result(known.answer());
        }
    }

    private void take(AgentCommand command, ByteString bytes) throws RefusedCommandException {
        String script = check.script(command);
        Duration timeout = check.document(command).timeout();
        if (!free.tryAcquire()) {
            throw new RefusedCommandException(AT_ONCE + " commands are at work on this host");
        }
        boolean begun = false;
        try {
            ledger.taken(command, bytes);
            answers.receipt(command.getRunId());
            begin(command, script, timeout);
            begun = true;
        } finally {
            if (!begun) {
                free.release();
            }
        }
    }

    /** With a permit, which it gives back. */
    private void begin(AgentCommand command, String script, Duration timeout) {
        LOG.atInfo()
                .addKeyValue(LogKeys.ACTION, command.getRunId())
                .addKeyValue(LogKeys.OPERATION, command.getDocument())
                .log("command taken");
        threads.execute(() -> {
            try {
                end(run(command, script, timeout));
            } catch (InterruptedException e) {
                // The agent stops; the script goes on, and the next process of the agent asks it.
                Thread.currentThread().interrupt();
            } finally {
                free.release();
            }
        });
    }

    private AgentCommandResult run(AgentCommand command, String script, Duration timeout)
            throws InterruptedException {
        AgentCommandResult.Builder result =
                AgentCommandResult.newBuilder().setRunId(command.getRunId());
        try {
            ScriptHost.Ended ended = untilFree(command, script, timeout);
            if (ended.timedOut()) {
                return result.setOutcome(CommandOutcome.COMMAND_OUTCOME_TIMED_OUT)
                        .setReason("killed after " + timeout.toSeconds() + " s")
                        .build();
            }
            return result.setOutcome(CommandOutcome.COMMAND_OUTCOME_RAN)
                    .setExitCode(ended.exitCode())
                    .setOutput(ended.output())
                    .setErrorOutput(ended.errors())
                    .build();
        } catch (IOException e) {
            return result.setOutcome(CommandOutcome.COMMAND_OUTCOME_INTERRUPTED)
                    .setReason("the script could not be run: " + e.getMessage())
                    .build();
        }
    }

    /** A run of the same id that a process before has left may still be at work. */
    private ScriptHost.Ended untilFree(AgentCommand command, String script, Duration timeout)
            throws IOException, InterruptedException {
        long end = System.nanoTime() + timeout.toNanos();
        while (true) {
            Duration left = Duration.ofNanos(end - System.nanoTime());
            ScriptHost.Ended ended = host.run(script, command.getInstanceId(), folder, left);
            if (ended.timedOut() || ended.exitCode() != BUSY || left.isNegative()) {
                return ended;
            }
            TimeUnit.SECONDS.sleep(1);
        }
    }

    private static AgentCommandResult interrupted(String runId, String reason) {
        return AgentCommandResult.newBuilder()
                .setRunId(runId)
                .setOutcome(CommandOutcome.COMMAND_OUTCOME_INTERRUPTED)
                .setReason(reason)
                .build();
    }

    private void end(AgentCommandResult result) {
        try {
            ledger.ended(result);
        } catch (IOException e) {
            // It is sent all the same; should that be lost, the next process runs it again, and
            // the host answers with its report.
            LOG.atWarn()
                    .addKeyValue(LogKeys.REASON, String.valueOf(e.getMessage()))
                    .log("cannot keep the result of a command");
        }
        answers.result(result);
    }

    @Override
    public void close() {
        answers = Answers.NOBODY;
        threads.shutdownNow();
    }
}
