package dev.yagura.sigma.engine;

import java.util.function.Consumer;

/** A condition over compiled selections. */
sealed interface ConditionNode {
    boolean holds(SourceRules.State state);

    /** Names the selections that make it true; only to be called when it is. */
    void reasons(SourceRules.State state, Consumer<Selection> selections);

    /** Holds when one view meets it. */
    record Selection(String name, DetectionNode detection) implements ConditionNode {
        @Override
        public boolean holds(SourceRules.State state) {
            return state.firstView(detection) >= 0;
        }

        @Override
        public void reasons(SourceRules.State state, Consumer<Selection> selections) {
            selections.accept(this);
        }
    }

    /** At least so many parts hold: 1 is "or", all of them "and". */
    record AtLeast(int count, ConditionNode[] parts) implements ConditionNode {
        @Override
        public boolean holds(SourceRules.State state) {
            int open = parts.length;
            int missing = count;
            for (ConditionNode part : parts) {
                missing -= part.holds(state) ? 1 : 0;
                open--;
                if (missing == 0 || missing > open) {
                    return missing == 0;
                }
            }
            return false;
        }

        @Override
        public void reasons(SourceRules.State state, Consumer<Selection> selections) {
            for (ConditionNode part : parts) {
                if (part.holds(state)) {
                    part.reasons(state, selections);
                }
            }
        }
    }

    record Not(ConditionNode part) implements ConditionNode {
        @Override
        public boolean holds(SourceRules.State state) {
            return !part.holds(state);
        }

        @Override
        public void reasons(SourceRules.State state, Consumer<Selection> selections) {
            // What is not there cannot be shown.
        }
    }
}
