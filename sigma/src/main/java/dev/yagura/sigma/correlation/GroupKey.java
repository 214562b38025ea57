package dev.yagura.sigma.correlation;

import java.util.List;

/**
 * What the matches of one group have in common.
 *
 * @param values of the fields of group-by, in its order, case folded; empty when nothing is grouped
 */
public record GroupKey(List<String> values) {
    public GroupKey {
        values = List.copyOf(values);
    }
}
