package dev.yagura.sigma.pack;

import java.util.List;

/**
 * Files of one pack.
 *
 * @param files in order of their paths
 */
public record RulePack(String name, List<RuleFile> files) {
    public RulePack {
        files = List.copyOf(files);
    }

    /**
     * One file.
     *
     * @param path inside the pack, with "/"
     * @param text empty when it could not be read
     * @param problem why it could not be read; empty when it was
     */
    public record RuleFile(String path, String text, String problem) {}
}
