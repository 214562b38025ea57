package dev.yagura.detection.process;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The files whose content a process runs: its executable, and the script of an interpreter. */
final class ExecutedFiles {
    private static final Set<String> SHELLS = Set.of("sh", "dash", "bash", "zsh", "ksh", "busybox");
    private static final List<String> INTERPRETERS =
            List.of("python", "perl", "ruby", "node", "php");

    private ExecutedFiles() {}

    static List<String> of(ProcessFacts process) {
        List<String> files = new ArrayList<>(2);
        if (!process.path().isEmpty()) {
            files.add(process.path());
        }
        if (isInterpreter(process.name())) {
            script(process.commandLine(), files);
        }
        return files;
    }

    private static boolean isInterpreter(String name) {
        return SHELLS.contains(name) || INTERPRETERS.stream().anyMatch(name::startsWith);
    }

    /** First argument that is no option; with "-c" the first word of the command. */
    private static void script(String commandLine, List<String> files) {
        String[] words = commandLine.split("\\s+", 8);
        for (int index = 1; index < words.length; index++) {
            if (!words[index].startsWith("-")) {
                if (words[index].startsWith("/")) {
                    files.add(words[index]);
                }
                return;
            }
        }
    }
}
