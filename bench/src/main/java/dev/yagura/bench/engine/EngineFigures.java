package dev.yagura.bench.engine;

import java.util.Optional;

/**
 * The engine over recorded events that are in memory and decoded; times are processor time, medians
 * of rounds that took turns.
 *
 * @param rules compiled
 * @param events different ones, looped
 * @param matches of them
 * @param decodeNanos to read and decode an event
 * @param plainNanos an event by the plain interpreter
 * @param compiledNanos an event by the compiled engine
 * @param launches process creations among the events, the kind with the most rules
 * @param plainLaunchNanos a process creation by the plain interpreter; NaN without any
 * @param compiledLaunchNanos a process creation by the compiled engine; NaN without any
 * @param doubledNanos an event with twice the rules
 * @param twoThreads events a second of two threads at once for each of one thread
 * @param compileMillis to compile all rules
 * @param ruleSetBytes memory of the compiled rules
 * @param comparison with other searches; empty when it was not asked for
 */
record EngineFigures(
        int rules,
        int events,
        long matches,
        double decodeNanos,
        double plainNanos,
        double compiledNanos,
        int launches,
        double plainLaunchNanos,
        double compiledLaunchNanos,
        double doubledNanos,
        double twoThreads,
        double compileMillis,
        long ruleSetBytes,
        Optional<SearchFigures> comparison) {

    /**
     * Finding the patterns that the values of an event meet.
     *
     * @param logSource whose patterns
     * @param patterns of it
     * @param events of it
     * @param ownNanos an event by this engine's automata
     * @param hyperscanNanos an event by Hyperscan
     * @param rulerPatterns how many patterns Event Ruler was given
     * @param rulerNanos an event by Event Ruler
     */
    record SearchFigures(
            String logSource,
            int patterns,
            int events,
            double ownNanos,
            double ownCompileMillis,
            double hyperscanNanos,
            double hyperscanCompileMillis,
            int rulerPatterns,
            double rulerNanos) {}
}
