/**
 * The rule engine by itself: recorded events and rules in memory, no service. The yardstick is the
 * plain interpreter of the engine's own tests.
 */
@org.jspecify.annotations.NullMarked
package dev.yagura.bench.engine;
