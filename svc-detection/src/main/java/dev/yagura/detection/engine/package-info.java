/**
 * Matching. Rules of all packs are compiled into one immutable {@link
 * dev.yagura.detection.engine.EventMatcher}; one event goes in, the rules that it met come out,
 * each with the values that made it so.
 */
@org.jspecify.annotations.NullMarked
package dev.yagura.detection.engine;
