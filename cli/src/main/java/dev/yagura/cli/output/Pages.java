package dev.yagura.cli.output;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;

/** Follows page tokens until there is enough. */
public final class Pages {
    private static final int PAGE = 500;

    private Pages() {}

    /**
     * Collects at most the given number of items.
     *
     * @param fetch the answer of a List method for a page size and a token
     * @param items those of an answer
     * @param next its token of the next page
     */
    public static <R, T> List<T> collect(
            int limit,
            BiFunction<Integer, String, R> fetch,
            Function<R, List<T>> items,
            Function<R, String> next) {
        List<T> all = new ArrayList<>();
        String token = "";
        do {
            R page = fetch.apply(Math.min(PAGE, limit - all.size()), token);
            all.addAll(items.apply(page));
            token = next.apply(page);
        } while (!token.isEmpty() && all.size() < limit);
        return all;
    }
}
