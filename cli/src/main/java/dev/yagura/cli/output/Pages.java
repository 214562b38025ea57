package dev.yagura.cli.output;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

/** Follows page tokens until there is enough. */
public final class Pages {
    private static final int PAGE = 500;

    /** One answer of a List method. */
    public record Page<T>(List<T> items, String nextPageToken) {}

    private Pages() {}

    /**
     * Collects at most the given number of items.
     *
     * @param fetch page size and token to page
     */
    public static <T> List<T> collect(int limit, BiFunction<Integer, String, Page<T>> fetch) {
        List<T> all = new ArrayList<>();
        String token = "";
        do {
            Page<T> page = fetch.apply(Math.min(PAGE, limit - all.size()), token);
            all.addAll(page.items());
            token = page.nextPageToken();
        } while (!token.isEmpty() && all.size() < limit);
        return all;
    }
}
