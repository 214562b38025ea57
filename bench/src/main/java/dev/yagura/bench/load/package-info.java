/** Batches of events as agents spool them, each a pure function of its sequence number. */
@org.jspecify.annotations.NullMarked
package dev.yagura.bench.load;
