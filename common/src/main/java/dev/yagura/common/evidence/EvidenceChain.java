package dev.yagura.common.evidence;

import dev.yagura.common.evidence.EvidenceLink.Head;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Follows a chain from its first record and finds the first one that was altered, taken away or put
 * elsewhere. Believes nothing but the bytes, and heads that were learned elsewhere.
 */
public final class EvidenceChain {
    private final List<KnownHead> known;
    private Head head = Head.EMPTY;
    private String lastSubject = "";
    private long withheld;
    private @Nullable Problem problem;

    /** Number that was not where it belongs; the rest is searched for it. */
    private long absent;

    /**
     * A head that this chain must have, or have had.
     *
     * @param source where it is known from, for people
     */
    public record KnownHead(Head head, String source) {}

    /**
     * What does not fit first.
     *
     * @param number of the record
     * @param subject what the record is about; empty when that is not known
     * @param detail what does not fit
     */
    public record Problem(long number, String subject, String detail) {
        @Override
        public String toString() {
            return "record "
                    + number
                    + (subject.isEmpty() ? "" : " (" + subject + ")")
                    + " "
                    + detail;
        }
    }

    /**
     * The end of the check.
     *
     * @param head last record that fits
     * @param withheld records, of those that fit, whose content was not there to look at
     */
    public record Verdict(Head head, long withheld, Optional<Problem> problem) {}

    public EvidenceChain(List<KnownHead> known) {
        this.known = List.copyOf(known);
    }

    /** The next record, in the order they are found. */
    public void add(EvidenceLink link) {
        if (problem != null) {
            if (link.number() == absent) {
                problem =
                        new Problem(
                                absent,
                                link.subject(),
                                "is not in its place: it stands further on");
                absent = 0;
            }
            return;
        }
        problem = check(link);
        if (problem == null) {
            head = link.head();
            lastSubject = link.subject();
            withheld += link.withheld() ? 1 : 0;
            problem = compare(link);
        }
    }

    /** For what could not even be read as a record. */
    public void fail(String subject, String detail) {
        if (problem == null) {
            problem = new Problem(head.number() + 1, subject, detail);
        }
    }

    /** Call once, after the last record. */
    public Verdict end() {
        if (problem == null) {
            problem =
                    known.stream()
                            .filter(each -> each.head().number() > head.number())
                            .findFirst()
                            .map(each ->
                                    new Problem(
                                            head.number() + 1,
                                            "",
                                            "is missing: the chain ends at "
                                                    + head.number()
                                                    + ", "
                                                    + each.source()
                                                    + " is "
                                                    + each.head().number()))
                            .orElse(null);
        }
        return new Verdict(head, withheld, Optional.ofNullable(problem));
    }

    private @Nullable Problem check(EvidenceLink link) {
        long expected = head.number() + 1;
        if (link.number() != expected) {
            absent = expected;
            return new Problem(
                    expected, "", "is missing: in its place stands record " + link.number());
        }
        boolean consistent = link.isConsistent();
        if (consistent && link.previousHash().equals(head.hash())) {
            return null;
        }
        if (consistent && head.number() > 0) {
            return new Problem(
                    head.number(),
                    lastSubject,
                    "was replaced: record " + expected + ", intact, follows another one");
        }
        return new Problem(
                expected,
                link.subject(),
                consistent
                        ? "does not start the chain: it follows another record"
                        : link.previousHash().equals(head.hash())
                                ? "was altered: its content does not fit its hash"
                                : "was altered: it does not fit its hash, and does not follow"
                                        + " record "
                                        + head.number());
    }

    private @Nullable Problem compare(EvidenceLink link) {
        return known.stream()
                .filter(each -> each.head().number() == link.number())
                .filter(each -> !each.head().hash().equals(link.hash()))
                .findFirst()
                .map(each ->
                        new Problem(
                                link.number(),
                                link.subject(),
                                "is another one than "
                                        + each.source()
                                        + ": it, or any record before it, was rewritten"))
                .orElse(null);
    }
}
