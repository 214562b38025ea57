package dev.yagura.sigma.engine;

/** Where the rules in force come from; asked once for each batch of events. */
public interface MatcherSource {
    EventMatcher current();
}
