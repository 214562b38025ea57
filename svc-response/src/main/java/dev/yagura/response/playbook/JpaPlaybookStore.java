package dev.yagura.response.playbook;

import dev.yagura.common.error.AlreadyExistsException;
import dev.yagura.common.error.NotFoundException;
import dev.yagura.common.error.StaleEtagException;
import dev.yagura.common.ids.ResourceName;
import dev.yagura.common.watch.ChangeFeed;
import dev.yagura.common.watch.ChangeFeeds;
import dev.yagura.common.watch.ChangeWatcher;
import dev.yagura.proto.response.v1.Playbook;
import dev.yagura.proto.response.v1.PlaybookRun;
import dev.yagura.proto.response.v1.PlaybookRunFilter;
import dev.yagura.proto.response.v1.PlaybookRunState;
import dev.yagura.response.action.JpaClock;
import dev.yagura.response.evidence.EvidenceLog;
import dev.yagura.response.outbox.Outbox;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.persistence.PersistenceContext;
import jakarta.persistence.TypedQuery;
import jakarta.transaction.Transactional;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * In PostgreSQL. Whoever adds a version, starts a run or claims one holds {@link #LOCK} until the
 * commit: that happens seldom.
 */
@ApplicationScoped
class JpaPlaybookStore implements PlaybookStore {
    /** Key of PostgreSQL's advisory lock; any constant of this schema's own. */
    private static final long LOCK = 0x79616775_72610002L;

    private static final String NEWEST =
            "v.version = (SELECT MAX(o.version) FROM JpaPlaybookVersion o WHERE o.playbook ="
                    + " v.playbook)";

    private static final String GOES_ON = "r.state IN ('RUNNING', 'CANCELLING')";

    @PersistenceContext(unitName = "response")
    private EntityManager entityManager;

    @Inject private Outbox outbox;
    @Inject private EvidenceLog evidence;
    @Inject private ChangeFeeds feeds;

    @Override
    @Transactional
    public Optional<Playbook> find(String id) {
        return newest(id).filter(row -> !row.isDeleted()).map(JpaPlaybookVersion::message);
    }

    @Override
    @Transactional
    public List<Playbook> list(@Nullable String after, int limit) {
        return entityManager
                .createQuery(
                        "SELECT v FROM JpaPlaybookVersion v WHERE v.deleted = FALSE AND v.playbook >"
                                + " :after AND "
                                + NEWEST
                                + " ORDER BY v.playbook",
                        JpaPlaybookVersion.class)
                .setParameter("after", after == null ? "" : after)
                .setMaxResults(limit)
                .getResultStream()
                .map(JpaPlaybookVersion::message)
                .toList();
    }

    @Override
    @Transactional
    public List<Playbook> automatic() {
        return entityManager
                .createQuery(
                        "SELECT v FROM JpaPlaybookVersion v WHERE v.automatic = TRUE AND v.deleted ="
                                + " FALSE AND "
                                + NEWEST
                                + " ORDER BY v.playbook",
                        JpaPlaybookVersion.class)
                .getResultStream()
                .map(JpaPlaybookVersion::message)
                .toList();
    }

    @Override
    @Transactional
    public Playbook add(Playbook playbook, String previous, boolean isNew) {
        lock();
        Optional<JpaPlaybookVersion> newest = newest(playbook.getSpec().getId());
        Optional<Playbook> current =
                newest.filter(row -> !row.isDeleted()).map(JpaPlaybookVersion::message);
        if (isNew && current.isPresent()) {
            throw new AlreadyExistsException(
                    playbook.getName() + " exists already; update it, or give another id");
        }
        if (!isNew && current.isEmpty()) {
            throw new NotFoundException("playbook", playbook.getName());
        }
        if (!previous.isEmpty() && !current.map(Playbook::getEtag).orElse("").equals(previous)) {
            throw new StaleEtagException(playbook.getName() + " was changed since; read it again");
        }
        if (current.isPresent() && current.get().getSource().equals(playbook.getSource())) {
            return current.get();
        }
        int version = newest.map(JpaPlaybookVersion::version).orElse(0) + 1;
        Playbook stored =
                playbook.toBuilder().setVersion(version).setEtag(Integer.toString(version)).build();
        entityManager.persist(new JpaPlaybookVersion(stored, JpaClock.now(entityManager)));
        return stored;
    }

    @Override
    @Transactional
    public boolean delete(String id) {
        lock();
        Optional<JpaPlaybookVersion> current = newest(id).filter(row -> !row.isDeleted());
        current.ifPresent(JpaPlaybookVersion::delete);
        return current.isPresent();
    }

    @Override
    @Transactional
    public Start start(PlaybookRun run, UUID id, UUID requestId, String contentDigest) {
        lock();
        UUID incident = ResourceName.parse("incident", "incidents", run.getIncident());
        if (byRequest(requestId).isPresent()) {
            return Start.EXISTS;
        }
        boolean running =
                query(
                                GOES_ON
                                        + " AND r.playbook = :playbook AND r.incident ="
                                        + " :incident",
                                Map.of("playbook", run.getPlaybook(), "incident", incident))
                        .getResultStream()
                        .findAny()
                        .isPresent();
        if (running) {
            return Start.RUNNING;
        }
        JpaPlaybookRun row =
                new JpaPlaybookRun(
                        run, id, incident, requestId, contentDigest, JpaClock.now(entityManager));
        entityManager.persist(row);
        complete(id, PlaybookRun.getDefaultInstance(), row.run());
        return Start.STARTED;
    }

    @Override
    @Transactional
    public Optional<Earlier> findByRequest(UUID requestId) {
        return byRequest(requestId).map(row -> new Earlier(row.run(), row.contentDigest()));
    }

    @Override
    @Transactional
    public Optional<PlaybookRun> run(UUID id) {
        return Optional.ofNullable(entityManager.find(JpaPlaybookRun.class, id))
                .map(JpaPlaybookRun::run);
    }

    @Override
    @Transactional
    public List<PlaybookRun> runs(
            PlaybookRunFilter filter, Set<String> accounts, @Nullable UUID after, int limit) {
        StringBuilder where = new StringBuilder("1 = 1");
        Map<String, Object> parameters = new HashMap<>();
        if (!accounts.isEmpty()) {
            where.append(" AND r.accountId IN :accounts");
            parameters.put("accounts", accounts);
        }
        if (!filter.getPlaybook().isEmpty()) {
            where.append(" AND r.playbook = :playbook");
            parameters.put("playbook", filter.getPlaybook());
        }
        if (!filter.getIncident().isEmpty()) {
            where.append(" AND r.incident = :incident");
            parameters.put(
                    "incident",
                    ResourceName.parse("filter.incident", "incidents", filter.getIncident()));
        }
        if (filter.getState() != PlaybookRunState.PLAYBOOK_RUN_STATE_UNSPECIFIED) {
            where.append(" AND r.state = :state");
            parameters.put("state", JpaPlaybookRun.name(filter.getState()));
        }
        if (after != null) {
            where.append(" AND r.id < :after");
            parameters.put("after", after);
        }
        return query(where + " ORDER BY r.id DESC", parameters)
                .setMaxResults(limit)
                .getResultStream()
                .map(JpaPlaybookRun::run)
                .toList();
    }

    @Override
    @Transactional
    public Optional<Lease> claim(Duration lease) {
        lock();
        Instant now = JpaClock.now(entityManager);
        return query(
                        GOES_ON
                                + " AND r.nextRunAt <= :now AND r.leaseUntil <= :now"
                                + " ORDER BY r.nextRunAt",
                        Map.of("now", now))
                .setMaxResults(1)
                .getResultStream()
                .findFirst()
                .map(row -> {
                    row.lease(lease, now);
                    return new Lease(row.id(), row.leaseEpoch());
                });
    }

    @Override
    @Transactional
    public boolean put(Lease lease, PlaybookRun run, Duration pause) {
        JpaPlaybookRun row = locked(lease.id());
        if (row.leaseEpoch() != lease.epoch()) {
            return false;
        }
        Instant now = JpaClock.now(entityManager);
        PlaybookRun stored = row.run();
        boolean cancelled =
                stored.getState() == PlaybookRunState.PLAYBOOK_RUN_STATE_CANCELLING
                        && run.getState() == PlaybookRunState.PLAYBOOK_RUN_STATE_RUNNING;
        PlaybookRun after =
                cancelled
                        ? run.toBuilder()
                                .setState(stored.getState())
                                .setStateReason(stored.getStateReason())
                                .build()
                        : run;
        row.giveBack(cancelled ? Duration.ZERO : pause, now);
        if (!after.equals(stored)) {
            complete(lease.id(), stored, row.put(after, now));
        }
        return true;
    }

    @Override
    @Transactional
    public PlaybookRun change(UUID id, UnaryOperator<PlaybookRun> operator) {
        JpaPlaybookRun row = locked(id);
        PlaybookRun before = row.run();
        PlaybookRun after = operator.apply(before);
        if (after.equals(before)) {
            return before;
        }
        Instant now = JpaClock.now(entityManager);
        row.hurry(now);
        PlaybookRun changed = row.put(after, now);
        complete(id, before, changed);
        return changed;
    }

    @Override
    @Transactional
    public Map<UUID, PlaybookRun> load(Collection<UUID> ids) {
        return query("r.id IN :ids", Map.of("ids", ids))
                .getResultStream()
                .collect(Collectors.toMap(JpaPlaybookRun::id, JpaPlaybookRun::run));
    }

    @Override
    public String cursor() {
        return feed().cursor();
    }

    @Override
    public ChangeWatcher watcher() {
        return feed().watcher();
    }

    private ChangeFeed feed() {
        return feeds.feed("playbookRuns");
    }

    /** The last statements of every change of a run: what is told outside, proof, change number. */
    private void complete(UUID id, PlaybookRun before, PlaybookRun after) {
        entityManager.flush();
        Connection connection = entityManager.unwrap(Connection.class);
        outbox.append(connection, RunEvents.of(before, after));
        evidence.append(
                connection, before, after, StepOrders.scope(after.getSnapshot()).getAccountId());
        feed().append(entityManager, List.of(id));
    }

    private Optional<JpaPlaybookVersion> newest(String id) {
        return entityManager
                .createQuery(
                        "SELECT v FROM JpaPlaybookVersion v WHERE v.playbook = :id AND " + NEWEST,
                        JpaPlaybookVersion.class)
                .setParameter("id", id)
                .getResultStream()
                .findFirst();
    }

    private Optional<JpaPlaybookRun> byRequest(UUID requestId) {
        return query("r.requestId = :request", Map.of("request", requestId))
                .getResultStream()
                .findFirst();
    }

    private TypedQuery<JpaPlaybookRun> query(String where, Map<String, ?> parameters) {
        TypedQuery<JpaPlaybookRun> query =
                entityManager.createQuery(
                        "SELECT r FROM JpaPlaybookRun r WHERE " + where, JpaPlaybookRun.class);
        parameters.forEach(query::setParameter);
        return query;
    }

    private JpaPlaybookRun locked(UUID id) {
        @Nullable JpaPlaybookRun row =
                entityManager.find(JpaPlaybookRun.class, id, LockModeType.PESSIMISTIC_WRITE);
        if (row == null) {
            throw new NotFoundException("run", ResourceName.of("playbookRuns", id));
        }
        return row;
    }

    private void lock() {
        entityManager
                .createNativeQuery("SELECT pg_advisory_xact_lock(?)")
                .setParameter(1, LOCK)
                .getResultList();
    }
}
