package dev.yagura.sigma.overfit;

import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;

/** One way in which somebody else would have done the same. */
interface Variation {
    String name();

    /** The recorded ways that it works on, as "linux". */
    Set<String> systems();

    /** A choice that stays the same for a whole recording. */
    Choice choose(SplittableRandom random);

    /**
     * What is different in a recording.
     *
     * @param command of the intruder
     * @param file path of a file of the intruder, also within other texts
     */
    record Choice(UnaryOperator<Command> command, UnaryOperator<String> file) {
        static Choice ofCommand(UnaryOperator<Command> command) {
            return new Choice(command, UnaryOperator.identity());
        }
    }
}
