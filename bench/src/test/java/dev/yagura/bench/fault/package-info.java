/**
 * Campaigns that break a whole platform under load and compare what it found with a calm run on a
 * fresh one: {@link dev.yagura.bench.fault.FaultsIT} with every test run, {@link
 * dev.yagura.bench.fault.KillsIT} by name.
 */
@org.jspecify.annotations.NullMarked
package dev.yagura.bench.fault;
