package dev.yagura.inventory.reconcile;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where a reading of a list of lists goes on: tasks of clusters, images of repositories.
 *
 * @param moreOuter token of the next page of the outer list; empty after the last
 * @param moreInner token of the next page of what the first of the outer has; empty for the first
 * @param outer those that are still to be read
 */
record NestedPosition(String moreOuter, String moreInner, List<String> outer) {
    private static final String SEPARATOR = "\n";

    NestedPosition {
        outer = List.copyOf(outer);
    }

    static NestedPosition of(Optional<String> token) {
        if (token.isEmpty()) {
            return new NestedPosition("", "", List.of());
        }
        List<String> parts = List.of(token.get().split(SEPARATOR, -1));
        return new NestedPosition(parts.get(0), parts.get(1), parts.subList(2, parts.size()));
    }

    /** At the first of a page of the outer list. */
    static NestedPosition of(@Nullable String moreOuter, List<String> outer) {
        return new NestedPosition(moreOuter == null ? "" : moreOuter, "", outer);
    }

    /** Empty at the end. */
    Optional<String> token() {
        return moreOuter.isEmpty() && outer.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        Stream.concat(Stream.of(moreOuter, moreInner), outer.stream())
                                .collect(Collectors.joining(SEPARATOR)));
    }

    /**
     * After a page of what the first of the outer has.
     *
     * @param more token of the next; null or empty after the last
     */
    NestedPosition after(@Nullable String more) {
        return more == null || more.isEmpty()
                ? new NestedPosition(moreOuter, "", outer.subList(1, outer.size()))
                : new NestedPosition(moreOuter, more, outer);
    }

    /** For a request: a token, or none. */
    static @Nullable String presentOrNull(String token) {
        return token.isEmpty() ? null : token;
    }
}
