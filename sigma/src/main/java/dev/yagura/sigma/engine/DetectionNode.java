package dev.yagura.sigma.engine;

import java.util.function.IntConsumer;

/** A selection over atoms. */
sealed interface DetectionNode {
    boolean holds(ViewState view);

    /** Names the atoms that make it true; only to be called when it is. */
    void reasons(ViewState view, IntConsumer atoms);

    /** One atom. */
    record Leaf(int atom) implements DetectionNode {
        @Override
        public boolean holds(ViewState view) {
            return view.holds(atom);
        }

        @Override
        public void reasons(ViewState view, IntConsumer atoms) {
            atoms.accept(atom);
        }
    }

    /** A test of a field that no event of the source has. */
    record Constant(boolean value) implements DetectionNode {
        @Override
        public boolean holds(ViewState view) {
            return value;
        }

        @Override
        public void reasons(ViewState view, IntConsumer atoms) {
            // There is no value to show.
        }
    }

    record All(DetectionNode[] parts) implements DetectionNode {
        @Override
        public boolean holds(ViewState view) {
            for (DetectionNode part : parts) {
                if (!part.holds(view)) {
                    return false;
                }
            }
            return true;
        }

        @Override
        public void reasons(ViewState view, IntConsumer atoms) {
            for (DetectionNode part : parts) {
                part.reasons(view, atoms);
            }
        }
    }

    record Any(DetectionNode[] parts) implements DetectionNode {
        @Override
        public boolean holds(ViewState view) {
            for (DetectionNode part : parts) {
                if (part.holds(view)) {
                    return true;
                }
            }
            return false;
        }

        @Override
        public void reasons(ViewState view, IntConsumer atoms) {
            for (DetectionNode part : parts) {
                if (part.holds(view)) {
                    part.reasons(view, atoms);
                }
            }
        }
    }

    record Not(DetectionNode part) implements DetectionNode {
        @Override
        public boolean holds(ViewState view) {
            return !part.holds(view);
        }

        @Override
        public void reasons(ViewState view, IntConsumer atoms) {
            // What is not there cannot be shown.
        }
    }
}
