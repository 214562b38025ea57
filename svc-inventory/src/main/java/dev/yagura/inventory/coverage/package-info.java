/**
 * Which hosts, tasks and functions are protected, which are not, and why.
 *
 * <p>Nothing is kept here: {@code CoverageLedger} puts together what assets, agents, Systems
 * Manager's nodes and GuardDuty's detectors are known to be, and {@code CoverageDecision} says
 * where each host stands at that moment. What is not known is unknown, never a gap and never
 * protection.
 */
@org.jspecify.annotations.NullMarked
package dev.yagura.inventory.coverage;
