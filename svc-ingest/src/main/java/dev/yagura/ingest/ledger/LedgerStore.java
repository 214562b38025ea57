package dev.yagura.ingest.ledger;

import java.util.Collection;
import java.util.List;

/** Counts of closed hours. */
interface LedgerStore {

    /** Keeps each count, unless its generation is kept in the same or a later version. */
    void save(List<LedgerCount> counts);

    /** The first keys of a query, in order. */
    List<LedgerCount.Key> keys(LedgerQuery query, int limit);

    /** Every generation of these keys. */
    List<LedgerCount> counts(Collection<LedgerCount.Key> keys);
}
