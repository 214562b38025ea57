/**
 * What agents produced, by agent and hour: stored, or declared lost and why.
 *
 * <p>The log counts in Redis, in the script that appends. {@link
 * dev.yagura.ingest.ledger.LedgerFold} moves hours that are over and quiet to PostgreSQL: it writes
 * the whole count under its generation, then forgets it in Redis unless it grew. A crash between
 * the two repeats the same write. {@link dev.yagura.ingest.ledger.Ledger} adds both up: it reads
 * Redis first, and where both have a generation the greater version counts, so a number is exact at
 * every moment.
 */
@org.jspecify.annotations.NullMarked
package dev.yagura.ingest.ledger;
