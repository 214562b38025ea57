package dev.yagura.common.paging;

import dev.yagura.common.error.InvalidFieldException;

/** How many rows a page has. */
public final class PageSize {
    private PageSize() {}

    /**
     * The size to use: the default for 0 (the field is absent), the cap for anything above it.
     *
     * @throws InvalidFieldException for a negative size
     */
    public static int of(int requested, int defaultSize, int max) {
        if (requested < 0) {
            throw new InvalidFieldException(
                    "page_size",
                    "is negative",
                    "send 1 to " + max + ", or nothing for " + defaultSize);
        }
        return requested == 0 ? defaultSize : Math.min(requested, max);
    }
}
