package dev.yagura.common.paging;

import java.util.List;
import java.util.UUID;

/**
 * Sort key of the last row of a page, in the order of the columns.
 *
 * @param values as they were given to {@link PageTokens#next}
 */
public record PageKey(List<String> values) {
    public PageKey {
        values = List.copyOf(values);
    }

    public String text(int index) {
        return values.get(index);
    }

    public long number(int index) {
        return Long.parseLong(values.get(index));
    }

    public UUID uuid(int index) {
        return UUID.fromString(values.get(index));
    }
}
