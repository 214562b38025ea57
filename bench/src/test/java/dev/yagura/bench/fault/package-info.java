/** Campaigns that break a whole platform under load and compare what it found with a calm run. */
@org.jspecify.annotations.NullMarked
package dev.yagura.bench.fault;
