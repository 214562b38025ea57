package dev.yagura.sigma;

import java.util.List;

/** A condition over selections. */
public sealed interface Condition {

    record Selection(String name) implements Condition {}

    record And(List<Condition> parts) implements Condition {
        public And {
            parts = List.copyOf(parts);
        }
    }

    record Or(List<Condition> parts) implements Condition {
        public Or {
            parts = List.copyOf(parts);
        }
    }

    record Not(Condition part) implements Condition {}

    /**
     * "N of …": at least so many of the selections; "all of" counts them all.
     *
     * @param count 1 to the number of names
     */
    record AtLeast(int count, List<String> names) implements Condition {
        public AtLeast {
            names = List.copyOf(names);
        }
    }
}
