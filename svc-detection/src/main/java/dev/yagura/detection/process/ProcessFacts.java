package dev.yagura.detection.process;

import dev.yagura.proto.telemetry.v1.Process;

/**
 * What is kept of a process.
 *
 * @param uid unique over time
 * @param parentUid empty when only the pid of the parent is known, or nothing
 * @param commandLine at most 1,024 characters
 * @param user name, or uid when there is no name
 * @param startNs by the sensor's clock, corrected; 0 when unknown
 */
public record ProcessFacts(
        String uid,
        String parentUid,
        int pid,
        int parentPid,
        String path,
        String commandLine,
        String user,
        long startNs) {
    private static final int MAX_COMMAND_LINE = 1024;

    static ProcessFacts of(Process process, String parentUid, int parentPid, long startNs) {
        return new ProcessFacts(
                process.getUid(),
                parentUid,
                process.getPid(),
                parentPid,
                process.getPath(),
                bounded(process.getCmdLine()),
                process.getUser().getName().isEmpty()
                        ? process.getUser().getUid()
                        : process.getUser().getName(),
                startNs);
    }

    /** A parent that no event was about: only its child's event names it. */
    static ProcessFacts ofParent(Process child) {
        return new ProcessFacts(
                child.getParentUid(),
                "",
                child.getParentPid(),
                0,
                child.getParentPath(),
                bounded(child.getParentCmdLine()),
                "",
                0);
    }

    /** Last part of the path; "?" when unknown. */
    public String name() {
        return path.isEmpty() ? "?" : path.substring(path.lastIndexOf('/') + 1);
    }

    /** For people: "curl (812)". */
    public String label() {
        return name() + " (" + Integer.toUnsignedString(pid) + ")";
    }

    private static String bounded(String text) {
        return text.length() <= MAX_COMMAND_LINE ? text : text.substring(0, MAX_COMMAND_LINE);
    }
}
