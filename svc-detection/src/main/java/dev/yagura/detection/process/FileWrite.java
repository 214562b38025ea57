package dev.yagura.detection.process;

/**
 * A process made or changed a file.
 *
 * @param writerUid uid of the process
 * @param timeNs corrected
 */
record FileWrite(String path, String writerUid, long timeNs) {}
