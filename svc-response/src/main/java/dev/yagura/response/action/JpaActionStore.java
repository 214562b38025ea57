package dev.yagura.response.action;

import dev.yagura.common.error.NotFoundException;
import dev.yagura.common.ids.ResourceName;
import dev.yagura.common.watch.ChangeFeed;
import dev.yagura.common.watch.ChangeFeeds;
import dev.yagura.common.watch.ChangeWatcher;
import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionFilter;
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
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Actions in PostgreSQL. Whoever starts something, claims something or proposes something holds
 * {@link #START_LOCK} until the commit, so that "nobody else does" is still true then.
 */
@ApplicationScoped
class JpaActionStore implements ActionStore {
    /** Key of PostgreSQL's advisory lock; any constant of this schema's own. */
    static final long START_LOCK = 0x79616775_72610001L;

    static final String FEED = "actions";

    private static final Duration LIMITED_TIME = Duration.ofHours(1);

    private static final int EXPIRED_AT_ONCE = 100;

    private static final String WAITING = "a.state IN ('PROPOSED', 'AWAITING_APPROVAL')";

    @PersistenceContext(unitName = "response")
    private EntityManager entityManager;

    @Inject private ChangeFeeds feeds;

    @Inject private EvidenceLog evidence;

    @Inject private Outbox outbox;

    @Override
    @Transactional
    public Insertion insert(NewAction created) {
        lockStarts();
        if (created.requestId() != null && findRow(created.requestId()).isPresent()) {
            return Insertion.refused(Claim.EXISTS);
        }
        if (holder(HoldSubject.of(created.action())).isPresent()) {
            return Insertion.refused(Claim.INSTANCE_HELD);
        }
        if (isBeyondLimit(created)) {
            return Insertion.refused(Claim.LIMITED);
        }
        return Insertion.taken(persist(created));
    }

    /** Those that wait for a person do not count, nor those that were ended before they began. */
    private boolean isBeyondLimit(NewAction created) {
        Action action = created.action();
        if (!action.getAutomated() || !ActionLifecycle.isRunnable(action.getState())) {
            return false;
        }
        long started =
                entityManager
                        .createQuery(
                                "SELECT COUNT(a) FROM JpaAction a WHERE a.automated = TRUE"
                                        + " AND a.accountId = :account AND a.createdAt > :since"
                                        + " AND a.state NOT IN ('AWAITING_APPROVAL', 'CANCELLED',"
                                        + " 'EXPIRED')",
                                Long.class)
                        .setParameter("account", action.getTarget().getScope().getAccountId())
                        .setParameter("since", now().minus(LIMITED_TIME))
                        .getSingleResult();
        return started >= created.automationLimit();
    }

    @Override
    @Transactional
    public Claim propose(NewAction proposal, Set<UUID> mergedIncidents) {
        lockStarts();
        HoldSubject subject = HoldSubject.of(proposal.action());
        Set<UUID> incidents = new HashSet<>(mergedIncidents);
        if (proposal.proposalIncident() != null) {
            incidents.add(proposal.proposalIncident());
        }
        long proposed =
                entityManager
                        .createQuery(
                                "SELECT COUNT(a) FROM JpaAction a WHERE a.proposalIncident IN :ids",
                                Long.class)
                        .setParameter("ids", incidents)
                        .getSingleResult();
        boolean open = bySubject(WAITING, subject).getResultStream().findAny().isPresent();
        if (proposed > 0 || open) {
            return Claim.EXISTS;
        }
        if (holder(subject).isPresent()) {
            return Claim.INSTANCE_HELD;
        }
        persist(proposal);
        return Claim.TAKEN;
    }

    @Override
    @Transactional
    public Optional<Action> find(UUID id) {
        return Optional.ofNullable(entityManager.find(JpaAction.class, id)).map(JpaAction::action);
    }

    @Override
    @Transactional
    public Optional<Earlier> findByRequest(UUID requestId) {
        return findRow(requestId).map(row -> new Earlier(row.action(), row.contentDigest()));
    }

    @Override
    @Transactional
    public Optional<String> holder(HoldSubject subject) {
        return bySubject("a.holdsInstance = TRUE", subject)
                .getResultStream()
                .findFirst()
                .map(row -> ResourceName.of("actions", row.id()));
    }

    @Override
    @Transactional
    public List<Action> list(
            ActionFilter filter, Set<String> accounts, @Nullable UUID after, int limit) {
        return new JpaActionQuery()
                .inAccounts(accounts)
                .matching(filter)
                .after(after)
                .on(entityManager)
                .setMaxResults(limit)
                .getResultStream()
                .map(JpaAction::action)
                .toList();
    }

    @Override
    @Transactional
    public Map<UUID, Action> load(List<UUID> ids) {
        return entityManager
                .createQuery("SELECT a FROM JpaAction a WHERE a.id IN :ids", JpaAction.class)
                .setParameter("ids", ids)
                .getResultStream()
                .collect(Collectors.toMap(JpaAction::id, JpaAction::action));
    }

    @Override
    @Transactional
    public Optional<Action> change(
            UUID id, Duration due, Optional<String> lane, UnaryOperator<Action> operator) {
        lockStarts();
        JpaAction row = locked(id);
        Action before = row.action();
        Action after = operator.apply(before);
        if (after.equals(before)) {
            return Optional.of(before);
        }
        boolean starts = ActionLifecycle.isRunnable(after.getState());
        Optional<String> holder = holder(HoldSubject.of(after));
        if (starts && holder.isPresent() && !holder.get().equals(after.getName())) {
            return Optional.empty();
        }
        Instant now = now();
        lane.ifPresent(row::lane);
        Action stored = row.put(after, now);
        if (starts) {
            row.schedule(due, now);
        } else if (ActionLifecycle.isRunnable(before.getState())) {
            row.withdraw(now);
        }
        complete(List.of(id), List.of(new EvidenceLog.Write(before, stored)));
        return Optional.of(stored);
    }

    @Override
    @Transactional
    public boolean expireProposals(UnaryOperator<Action> operator) {
        lockStarts();
        Instant now = now();
        List<JpaAction> expired =
                entityManager
                        .createQuery(
                                "SELECT a FROM JpaAction a WHERE "
                                        + WAITING
                                        + " AND a.dueAt < :now ORDER BY a.dueAt",
                                JpaAction.class)
                        .setParameter("now", now)
                        .setMaxResults(EXPIRED_AT_ONCE)
                        .getResultList();
        List<EvidenceLog.Write> writes =
                expired.stream().map(row -> put(row, operator, now)).toList();
        complete(expired.stream().map(JpaAction::id).toList(), writes);
        return expired.size() == EXPIRED_AT_ONCE;
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
        return feeds.feed(FEED);
    }

    private Action persist(NewAction created) {
        JpaAction row =
                new JpaAction(
                        created,
                        JpaActionQuery.incident(created.action().getIncident()).orElse(null),
                        now());
        entityManager.persist(row);
        Action stored = row.action();
        complete(
                List.of(row.id()),
                List.of(new EvidenceLog.Write(Action.getDefaultInstance(), stored)));
        return stored;
    }

    private static EvidenceLog.Write put(
            JpaAction row, UnaryOperator<Action> operator, Instant now) {
        Action before = row.action();
        return new EvidenceLog.Write(before, row.put(operator.apply(before), now));
    }

    /**
     * The last statements of every transaction that changes actions: the rows with what is told
     * outside, their proof, their change numbers. The locks are always taken in this order.
     */
    private void complete(List<UUID> ids, List<EvidenceLog.Write> writes) {
        entityManager.flush();
        Connection connection = entityManager.unwrap(Connection.class);
        writes.forEach(
                write -> outbox.append(connection, ActionEvents.of(write.before(), write.after())));
        evidence.append(connection, writes);
        feed().append(entityManager, ids);
    }

    private Optional<JpaAction> findRow(UUID requestId) {
        return entityManager
                .createQuery(
                        "SELECT a FROM JpaAction a WHERE a.requestId = :request", JpaAction.class)
                .setParameter("request", requestId)
                .getResultStream()
                .findFirst();
    }

    private TypedQuery<JpaAction> bySubject(String condition, HoldSubject subject) {
        return entityManager
                .createQuery(
                        "SELECT a FROM JpaAction a WHERE "
                                + condition
                                + " AND a.awsPartition = :partition AND a.accountId = :account"
                                + " AND a.region = :region AND a.instanceId = :instance"
                                + " AND a.subject = :subject",
                        JpaAction.class)
                .setParameter("partition", subject.scope().getPartition())
                .setParameter("account", subject.scope().getAccountId())
                .setParameter("region", subject.scope().getRegion())
                .setParameter("instance", subject.instanceId())
                .setParameter("subject", subject.text());
    }

    private JpaAction locked(UUID id) {
        @Nullable JpaAction row =
                entityManager.find(JpaAction.class, id, LockModeType.PESSIMISTIC_WRITE);
        if (row == null) {
            throw new NotFoundException("action", ResourceName.of("actions", id));
        }
        return row;
    }

    private Instant now() {
        return JpaClock.now(entityManager);
    }

    private void lockStarts() {
        entityManager
                .createNativeQuery("SELECT pg_advisory_xact_lock(?)")
                .setParameter(1, START_LOCK)
                .getResultList();
    }
}
