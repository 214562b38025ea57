package dev.yagura.response.action;

import dev.yagura.common.error.DependencyUnavailableException;
import dev.yagura.common.log.LogKeys;
import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionState;
import dev.yagura.proto.response.v1.VerificationLevel;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs what there is to do: takes one action, does it or fails it, and writes how it ended. A
 * runner that dies leaves the rest to the next one, which starts by reading the world.
 */
final class ActionRunner {
    private static final Logger LOG = LoggerFactory.getLogger(ActionRunner.class);
    private static final Duration MAX_PAUSE = Duration.ofSeconds(30);

    private final RunStore store;
    private final Sections sections;
    private final Procedures procedures;
    private final ActionConfig config;
    private final Clock clock;

    ActionRunner(RunStore store, Procedures procedures, ActionConfig config, Clock clock) {
        this.store = store;
        this.sections = new Sections(store, clock);
        this.procedures = procedures;
        this.config = config;
        this.clock = clock;
    }

    /** Takes an action that waits; empty when none does. */
    Optional<RunStore.Lease> take() {
        return store.claim(config.lease()).or(this::takeWatch);
    }

    private Optional<RunStore.Lease> takeWatch() {
        Set<ActionKind> watched = procedures.watched();
        return config.watchInterval().isZero() || watched.isEmpty()
                ? Optional.empty()
                : store.claimWatch(watched, config.watchInterval(), config.lease());
    }

    /** Works on it until it has ended, or must wait, or is another's. */
    void run(RunStore.Lease lease) {
        try {
            RunStore.Stored stored = store.read(lease);
            if (stored.action().getState() == ActionState.ACTION_STATE_SUCCEEDED) {
                watch(lease, stored);
            } else {
                attempt(lease, stored);
            }
        } catch (LeaseLostException e) {
            LOG.atInfo().addKeyValue(LogKeys.ACTION, lease.id()).log("another runner goes on");
        } catch (DependencyUnavailableException e) {
            // The lease runs out, and whoever is there then goes on.
            LOG.atWarn()
                    .addKeyValue(LogKeys.ACTION, lease.id())
                    .addKeyValue(LogKeys.REASON, String.valueOf(e.getMessage()))
                    .log("action interrupted");
        }
    }

    /** Its state stays what it is; the next look is an interval later, whatever this one finds. */
    private void watch(RunStore.Lease lease, RunStore.Stored stored) {
        ActionRun run = new ActionRun(store, sections, lease, stored, config.lease(), clock);
        try {
            run.closeOpenCalls();
            // Only these are looked for.
            if (procedures.of(stored.action().getKind()) instanceof WatchedProcedure watched) {
                watched.watch(run);
            }
        } catch (LeaseLostException | DependencyUnavailableException e) {
            throw e;
        } catch (RuntimeException e) {
            LOG.atWarn()
                    .addKeyValue(LogKeys.ACTION, stored.action().getName())
                    .addKeyValue(LogKeys.REASON, String.valueOf(e.getMessage()))
                    .setCause(e instanceof ActionFailedException ? null : e)
                    .log("an action in force could not be read back or done again");
            run.watched(
                    VerificationLevel.VERIFICATION_LEVEL_CONFIG_READ,
                    false,
                    "not read back or not done again: " + e.getMessage());
        }
        run.flush();
        store.giveBack(lease, Duration.ZERO);
    }

    private void attempt(RunStore.Lease lease, RunStore.Stored stored) {
        ActionRun run = new ActionRun(store, sections, lease, stored, config.lease(), clock);
        try {
            run.closeOpenCalls();
            if (stored.overdue()) {
                Duration deadline =
                        procedures.of(run.action().getKind()).deadline(config.deadline());
                throw new ActionFailedException(
                        "not done within " + deadline + lastError(run.action()));
            }
            proceed(run);
        } catch (ActionFailedException e) {
            fail(run, String.valueOf(e.getMessage()));
        } catch (RetryLaterException e) {
            retry(lease, run, stored.attempts(), String.valueOf(e.getMessage()));
        } catch (StillPendingException e) {
            rest(lease, run, e);
        } catch (LeaseLostException | DependencyUnavailableException e) {
            throw e;
        } catch (RuntimeException e) {
            LOG.atError()
                    .setCause(e)
                    .addKeyValue(LogKeys.ACTION, stored.action().getName())
                    .log("action failed for an unforeseen reason");
            retry(
                    lease,
                    run,
                    stored.attempts(),
                    "an unforeseen error, see the log of svc-response for " + stored.id());
        }
    }

    private void proceed(ActionRun run) {
        Procedure procedure = procedures.of(run.action().getKind());
        if (isUndoing(run)) {
            procedure.undo(run);
            end(run, ActionState.ACTION_STATE_UNDONE, undone(run.action()), false);
            return;
        }
        if (run.action().getState() == ActionState.ACTION_STATE_APPROVED) {
            run.start();
        }
        procedure.apply(run);
        end(
                run,
                ActionState.ACTION_STATE_SUCCEEDED,
                "applied and verified",
                procedure.holdsUntilUndone());
    }

    private void rest(RunStore.Lease lease, ActionRun run, StillPendingException pending) {
        LOG.atInfo()
                .addKeyValue(LogKeys.ACTION, run.action().getName())
                .addKeyValue(LogKeys.REASON, String.valueOf(pending.getMessage()))
                .log("action waits for AWS");
        run.flush();
        store.rest(lease, pending.pause());
    }

    private void retry(RunStore.Lease lease, ActionRun run, int attempts, String reason) {
        if (attempts >= config.attempts()) {
            fail(run, "given up after " + attempts + " attempts: " + reason);
            return;
        }
        run.flush();
        Duration pause = pause(attempts);
        LOG.atInfo()
                .addKeyValue(LogKeys.ACTION, run.action().getName())
                .addKeyValue(LogKeys.ATTEMPT, attempts)
                .addKeyValue(LogKeys.REASON, reason)
                .log("action waits for its next attempt");
        store.giveBack(lease, pause);
    }

    private void fail(ActionRun run, String reason) {
        boolean undoing = isUndoing(run);
        Procedure procedure = procedures.of(run.action().getKind());
        boolean changed = undoing || procedure.mayHaveChanged(run.action());
        String left = changed ? "; " + remains(run) : "; nothing was changed";
        end(
                run,
                undoing ? ActionState.ACTION_STATE_UNDO_FAILED : ActionState.ACTION_STATE_FAILED,
                reason + left,
                changed && procedure.holdsUntilUndone());
    }

    private String remains(ActionRun run) {
        try {
            return procedures.of(run.action().getKind()).remains(run);
        } catch (RuntimeException e) {
            return "what is left could not be read (" + e.getMessage() + "); undo restores it";
        }
    }

    private static void end(ActionRun run, ActionState state, String reason, boolean holds) {
        run.finish(state, reason, holds);
        LOG.atInfo()
                .addKeyValue(LogKeys.ACTION, run.action().getName())
                .addKeyValue(LogKeys.INSTANCE, run.action().getTarget().getInstanceId())
                .addKeyValue(LogKeys.STATE, state)
                .addKeyValue(LogKeys.REASON, reason)
                .log("action ended");
    }

    private static boolean isUndoing(ActionRun run) {
        return run.action().getState() == ActionState.ACTION_STATE_UNDOING;
    }

    private static String undone(Action action) {
        int drift = action.getDriftCount();
        return drift == 0
                ? "restored and verified"
                : "restored and verified, with " + drift + " changes by others";
    }

    private static String lastError(Action action) {
        return action.getCallsList().stream()
                .map(call -> call.getError())
                .filter(error -> !error.isEmpty())
                .reduce((first, second) -> second)
                .map(error -> "; last error: " + error)
                .orElse("");
    }

    /** Doubled for each attempt, half of it by chance. */
    private Duration pause(int attempts) {
        long base =
                Math.min(
                        MAX_PAUSE.toMillis(),
                        config.retryPause().toMillis() << Math.min(attempts - 1, 15));
        return Duration.ofMillis(base / 2 + ThreadLocalRandom.current().nextLong(base / 2 + 1));
    }
}
