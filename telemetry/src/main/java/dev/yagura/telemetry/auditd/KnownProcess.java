package dev.yagura.telemetry.auditd;

/**
 * A process as the table knows it.
 *
 * @param uid "auditd:{boot id}:{start}:{pid}"
 * @param startNanos first time that it was seen, UTC: forks are not recorded
 * @param path resolved executable; empty when no record has told it
 * @param parentPid 0 when unknown
 */
record KnownProcess(
        String uid,
        int pid,
        long startNanos,
        String path,
        String commandLine,
        String parentUid,
        int parentPid,
        String parentPath,
        String parentCommandLine) {

    KnownProcess withImage(String newPath, String newCommandLine) {
        return new KnownProcess(
                uid,
                pid,
                startNanos,
                newPath,
                newCommandLine,
                parentUid,
                parentPid,
                parentPath,
                parentCommandLine);
    }

    KnownProcess withParent(KnownProcess parent) {
        return new KnownProcess(
                uid,
                pid,
                startNanos,
                path,
                commandLine,
                parent.uid,
                parent.pid,
                parent.path,
                parent.commandLine);
    }
}
