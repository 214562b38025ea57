package dev.yagura.sandbox.flow;

import java.util.List;

/**
 * Whether a packet and its answer pass.
 *
 * @param reason a sentence naming the rule, route or state that decided
 * @param legs one for each interface that filtered it, empty unless allowed
 */
public record Verdict(boolean allowed, Stage stage, String reason, List<Leg> legs) {
    public Verdict {
        legs = List.copyOf(legs);
    }

    static Verdict passed(Stage stage, String reason, List<Leg> legs) {
        return new Verdict(true, stage, reason, legs);
    }

    static Verdict blocked(Stage stage, String reason) {
        return new Verdict(false, stage, reason, List.of());
    }
}
