package dev.yagura.sigma.overfit;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.BiFunction;

/**
 * What somebody else would have typed on Windows. A command line is one text there, so it is the
 * only argument.
 */
final class WindowsVariations {
    private WindowsVariations() {}

    /** Copies of them would not do what they do. */
    private static final Set<String> FIXED =
            Set.of("services.exe", "svchost.exe", "lsass.exe", "winlogon.exe", "explorer.exe");

    private static final List<String> NAMES =
            List.of("update.exe", "a.exe", "OneDriveHelper.exe", "tmp7F3A.exe", "svc.exe");

    private static final List<String> FOLDERS =
            List.of(
                    "C:\\Users\\Public",
                    "C:\\ProgramData\\Updates",
                    "C:\\Windows\\Temp",
                    "C:\\Users\\bob\\AppData\\Local\\Temp",
                    "D:\\tools");

    static List<Variation> all() {
        return List.of(
                new Line("carets in cmd", WindowsText::carets),
                new Line("backticks in PowerShell", WindowsText::backticks),
                new Line("quotes within words", WindowsText::quotes),
                new Line("letters in another case", WindowsText::mixedCase),
                new Line("the other dash", (line, random) -> WindowsText.otherDash(line)),
                new Line("arguments in another order", WindowsText::otherOrder),
                new Copy("copies of programs under other names", true),
                new Copy("copies of programs in other folders", false));
    }

    /** A copy of the program, which is called by its path. */
    private record Copy(String name, boolean renamed) implements Variation {
        @Override
        public Set<String> systems() {
            return Set.of("windows");
        }

        @Override
        public Choice choose(SplittableRandom random) {
            return Choice.ofCommand(command -> copied(command, random.split()));
        }

        private Command copied(Command command, SplittableRandom random) {
            if (FIXED.contains(command.name().toLowerCase(Locale.ROOT))) {
                return command;
            }
            String name = renamed ? NAMES.get(random.nextInt(NAMES.size())) : command.name();
            String path = FOLDERS.get(random.nextInt(FOLDERS.size())) + "\\" + name;
            return new Command(
                    path,
                    command.args().stream()
                            .map(line -> WindowsText.calledBy(line, command.path(), path))
                            .toList());
        }
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
