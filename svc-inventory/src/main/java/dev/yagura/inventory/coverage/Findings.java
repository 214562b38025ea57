package dev.yagura.inventory.coverage;

import static dev.yagura.proto.inventory.v1.CoverageReason.COVERAGE_REASON_INSTANCE_STALE;
import static dev.yagura.proto.inventory.v1.CoverageReason.COVERAGE_REASON_SSM_UNREAD;

import dev.yagura.proto.inventory.v1.CoverageReason;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a decision finds: since when, on which host, and what closes it. */
final class Findings {
    private final Facts facts;
    private final Remedies remedies;
    private final Instant oldest;
    private final List<Finding> gaps = new ArrayList<>();
    private final List<Finding> unknowns = new ArrayList<>();

    /**
     * @param oldest what was read before it is not known any more
     */
    Findings(Facts facts, Remedies remedies, Instant oldest) {
        this.facts = facts;
        this.remedies = remedies;
        this.oldest = oldest;
    }

    boolean hasGaps() {
        return !gaps.isEmpty();
    }

    boolean hasUnknowns() {
        return !unknowns.isEmpty();
    }

    List<Finding> gaps() {
        return List.copyOf(gaps);
    }

    List<Finding> unknowns() {
        return List.copyOf(unknowns);
    }

    /** Whether it is there and runs is not known any more. */
    void stale(@Nullable Instant since, String detail) {
        unknown(COVERAGE_REASON_INSTANCE_STALE, since, detail, remedies.readAgain());
    }

    /** What Systems Manager says of it is not known. */
    void unread(@Nullable Instant since, String detail) {
        unknown(COVERAGE_REASON_SSM_UNREAD, since, detail, remedies.readSystemsManager());
    }

    void unknown(CoverageReason reason, @Nullable Instant since, String detail, String remedy) {
        unknowns.add(new Finding(reason, since, detail, remedy));
    }

    /** That has nothing to do with the host. */
    void gapOfAccount(
            CoverageReason reason, @Nullable Instant since, String detail, String remedy) {
        gap(reason, since, "", detail, remedy, Optional.empty());
    }

    void gap(CoverageReason reason, @Nullable Instant since, String detail, String remedy) {
        gap(reason, since, where(), detail, remedy, Optional.empty());
    }

    /** A gap that an agent from the package closes, where Systems Manager can bring it. */
    void installable(CoverageReason reason, @Nullable Instant since, String detail, String remedy) {
        Optional<RemedyAction> action =
                facts.isReachedBySsm(oldest)
                        ? Optional.of(remedies.installAgent())
                        : Optional.empty();
        gap(
                reason,
                since,
                where(),
                detail,
                action.map(RemedyAction::command).map(each -> each + ", or ").orElse("") + remedy,
                action);
    }

    /** What was missing before an instance was started last says nothing about it. */
    private void gap(
            CoverageReason reason,
            @Nullable Instant since,
            String where,
            String detail,
            String remedy,
            Optional<RemedyAction> action) {
        Instant began = since == null || since.isBefore(launched()) ? launched() : since;
        gaps.add(
                new Finding(
                        reason,
                        began.equals(Instant.EPOCH) ? null : began,
                        where + detail,
                        remedy,
                        action));
    }

    /** A task's agent is that of its host. */
    private String where() {
        return facts.host() == null ? "" : "its host %s: ".formatted(facts.host().nativeId());
    }

    /** When EC2 started it last; the epoch where that is not known. */
    Instant launched() {
        var time = facts.asset().description().getLaunchTime();
        return Instant.ofEpochSecond(time.getSeconds(), time.getNanos());
    }
}
