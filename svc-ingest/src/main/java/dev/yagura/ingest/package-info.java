/**
 * Takes telemetry and keeps it until every consumer has processed it: {@code telemetry} checks what
 * agents send and acknowledges it, {@code log} keeps it, {@code feed} hands it to consumers and
 * trims behind them, {@code ledger} accounts for every event that was produced.
 */
@org.jspecify.annotations.NullMarked
package dev.yagura.ingest;
