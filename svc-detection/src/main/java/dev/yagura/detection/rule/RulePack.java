package dev.yagura.detection.rule;

import java.util.List;

/**
 * Files of one pack.
 *
 * @param files in order of their paths
 */
record RulePack(String name, List<RuleFile> files) {
    RulePack {
        files = List.copyOf(files);
    }

    /**
     * One file.
     *
     * @param path inside the pack, with "/"
     * @param text empty when it could not be read
     * @param problem why it could not be read; empty when it was
     */
    record RuleFile(String path, String text, String problem) {}
}
