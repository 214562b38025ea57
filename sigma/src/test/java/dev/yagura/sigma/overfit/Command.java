package dev.yagura.sigma.overfit;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * One program with its arguments.
 *
 * @param path of the executable, as the kernel resolved it
 * @param args the name it was called by first
 */
record Command(String path, List<String> args) {
    private static final Set<String> SHELLS = Set.of("sh", "dash", "bash", "zsh", "ash", "busybox");

    Command {
        args = List.copyOf(args);
    }

    String name() {
        return path.substring(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
    }

    String line() {
        return String.join(" ", args);
    }

    boolean isShell() {
        return SHELLS.contains(name());
    }

    /** Where the text for the shell is; -1 when there is none. */
    private int textIndex() {
        int option = args.indexOf("-c");
        return isShell() && option >= 0 && option + 1 < args.size() ? option + 1 : -1;
    }

    /** The same with another text for the shell; unchanged when it has none. */
    Command withText(UnaryOperator<String> change) {
        int index = textIndex();
        return index < 0 ? this : withArg(index, change.apply(args.get(index)));
    }

    Command withArg(int index, String value) {
        List<String> changed = new ArrayList<>(args);
        changed.set(index, value);
        return new Command(path, changed);
    }

    /** The same with all arguments changed, the name too. */
    Command withArgs(UnaryOperator<String> change) {
        return new Command(path, args.stream().map(change).toList());
    }
}
