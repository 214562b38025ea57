package dev.yagura.response.playbook;

import dev.yagura.common.error.StaleEtagException;
import dev.yagura.common.watch.ChangeWatcher;
import dev.yagura.proto.response.v1.Playbook;
import dev.yagura.proto.response.v1.PlaybookRun;
import dev.yagura.proto.response.v1.PlaybookRunFilter;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Versions of playbooks, and runs. */
interface PlaybookStore {

    /** A run that this process may let go on; its writes are refused when another one has it. */
    record Lease(UUID id, long epoch) {}

    /** Of an earlier request. */
    record Earlier(PlaybookRun run, String contentDigest) {}

    /** How a start ended. */
    enum Start {
        STARTED,
        /** The same request was stored before. */
        EXISTS,
        /** The playbook runs for this incident already. */
        RUNNING
    }

    /** The newest version, unless it was deleted. */
    Optional<Playbook> find(String id);

    /** The newest versions by id, after one. */
    List<Playbook> list(@Nullable String after, int limit);

    /** The newest versions of those that start by themselves. */
    List<Playbook> automatic();

    /**
     * Stores the next version.
     *
     * @param previous etag of the newest one; empty when there is none, or it does not matter
     * @param isNew there must be none that is not deleted
     * @throws StaleEtagException the newest is another one
     * @throws dev.yagura.common.error.AlreadyExistsException there is one
     */
    Playbook add(Playbook playbook, String previous, boolean isNew);

    /** False when there was none. */
    boolean delete(String id);

    Start start(PlaybookRun run, UUID id, UUID requestId, String contentDigest);

    Optional<Earlier> findByRequest(UUID requestId);

    Optional<PlaybookRun> run(UUID id);

    /**
     * Newest first.
     *
     * @param accounts empty for all
     */
    List<PlaybookRun> runs(
            PlaybookRunFilter filter, Set<String> accounts, @Nullable UUID after, int limit);

    /** The one that waits longest of those that are due. */
    Optional<Lease> claim(Duration lease);

    /**
     * Stores a leased run and gives it back. One that was cancelled meanwhile keeps that, with what
     * its steps have come to.
     *
     * @param pause until it is looked at again
     * @return false when another process has it
     */
    boolean put(Lease lease, PlaybookRun run, Duration pause);

    /**
     * Changes the state of a run, whoever has it: that one may be asking for an action, and only it
     * knows which.
     */
    PlaybookRun change(UUID id, UnaryOperator<PlaybookRun> operator);

    /** Those that exist. */
    Map<UUID, PlaybookRun> load(Collection<UUID> ids);

    /** Where a watch begins that misses nothing from now on. */
    String cursor();

    ChangeWatcher watcher();
}
