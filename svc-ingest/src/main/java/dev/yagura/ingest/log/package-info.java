/**
 * The event log: what agents sent, durable and in order, by partition.
 *
 * <p>{@link dev.yagura.ingest.log.EventLog} is what other features see; {@link
 * dev.yagura.ingest.log.RedisEventLog} keeps it in Redis Streams with commands of Redis 6.2 only.
 * One Lua script appends an entry, moves its spool's mark and counts it in the ledger, so that no
 * crash falls between them; {@link dev.yagura.ingest.log.ScriptPipeline} sends what is pending in
 * one go, so that one fsync of Redis serves many appends. {@link dev.yagura.ingest.log.LogTail}
 * reads new entries once for all who wait for them.
 */
@org.jspecify.annotations.NullMarked
package dev.yagura.ingest.log;
