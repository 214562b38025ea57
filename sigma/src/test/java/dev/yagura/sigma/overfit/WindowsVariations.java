package dev.yagura.sigma.overfit;

import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.BiFunction;

/**
 * What somebody else would have typed on Windows. A command line is one text there, so it is the
 * only argument.
 */
final class WindowsVariations {
    private WindowsVariations() {}

    static List<Variation> all() {
        return List.of(
                new Line("carets in cmd", WindowsText::carets),
                new Line("backticks in PowerShell", WindowsText::backticks),
                new Line("quotes within words", WindowsText::quotes),
                new Line("letters in another case", WindowsText::mixedCase),
                new Line("the other dash", (line, random) -> WindowsText.otherDash(line)));
    }

    private record Line(String name, BiFunction<String, SplittableRandom, String> change)
            implements Variation {
        @Override
        public Set<String> systems() {
            return Set.of("windows");
        }

        @Override
        public Choice choose(SplittableRandom random) {
            return Choice.ofCommand(
                    command -> command.withArgs(line -> change.apply(line, random.split())));
        }
    }
}
