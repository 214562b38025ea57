package dev.yagura.detection.rule;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/** Rules, packs, deployments and exceptions that the API made, shared by all replicas. */
interface RuleStore {
    /** Grows with every change. */
    long generation();

    /** Everything but archives. */
    StoredRules read();

    /** The zip archive of an imported pack; empty when there is none. */
    Optional<byte[]> archive(String pack);

    /** Exceptions of one rule with their counts, oldest first. */
    List<StoredException> exceptions(String ruleName);

    /**
     * What rules did so far, by their names; those that did nothing are not there.
     *
     * @param now alerts of the 24 hours before it are counted apart
     */
    Map<String, RuleTotals> statistics(List<String> ruleNames, Instant now);

    /**
     * Changes rules, unless this request was answered before. No other change runs at the same
     * time; when the change throws, nothing was done.
     *
     * @param change makes the edits and answers the name of what was changed; may run again
     * @return the name, of the earlier answer when the request is a repeated one
     * @throws dev.yagura.common.error.AlreadyExistsException the request asked for something else
     */
    String change(Request request, Function<RuleEdits, String> change);

    /**
     * A caller's request.
     *
     * @param fingerprint of all that it asks for, and of who asks
     */
    record Request(UUID requestId, String fingerprint, Instant time) {}
}
