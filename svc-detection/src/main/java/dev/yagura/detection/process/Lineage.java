package dev.yagura.detection.process;

import java.util.List;

/**
 * Where a process comes from, as it was known at one moment.
 *
 * @param chain the process itself first, then its parents up to the root, shared ones included
 * @param ownCount how many of the chain are below the first shared process
 * @param origins files by which other trees started this one
 */
public record Lineage(List<ProcessFacts> chain, int ownCount, List<Origin> origins) {
    /** Of something that no process did. */
    public static final Lineage NONE = new Lineage(List.of(), 0, List.of());

    public Lineage {
        chain = List.copyOf(chain);
        origins = List.copyOf(origins);
    }

    /** The part of the chain that is this tree's own. */
    public List<ProcessFacts> own() {
        return chain.subList(0, ownCount);
    }
}
