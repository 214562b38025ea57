package dev.yagura.sandbox.wire;

import dev.yagura.sandbox.world.Resource;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * One page of a list in id order, and the token of the next. A token is good only for the same
 * query: it carries a digest of the other parameters, the id that the page ended with, and nothing
 * that a client should read.
 */
public record Page<T>(List<T> items, Optional<String> nextToken) {
    public Page {
        items = List.copyOf(items);
    }

    /** How a list operation names its paging parameters and what it allows. */
    public record Rules(
            String sizeParameter,
            String tokenParameter,
            int smallest,
            int largest,
            int standard,
            String invalidToken,
            String invalidSize) {
        /** EC2: without MaxResults everything comes at once. */
        public static Rules ec2(int smallest, int largest) {
            return new Rules(
                    "MaxResults",
                    "NextToken",
                    smallest,
                    largest,
                    Integer.MAX_VALUE,
                    "InvalidNextToken",
                    "InvalidParameterValue");
        }
    }

    public static <T extends Resource> Page<T> of(
            List<T> inIdOrder, Parameters parameters, Rules rules) {
        return of(inIdOrder, Resource::id, parameters, rules);
    }

    public static <T> Page<T> of(
            List<T> inIdOrder, Function<T, String> id, Parameters parameters, Rules rules) {
        return of(
                position ->
                        inIdOrder.stream().filter(item -> id.apply(item).compareTo(position) > 0),
                id,
                parameters,
                rules);
    }

    /**
     * Of a list that is too long to be walked through for every page.
     *
     * @param after the rest of the list in id order, after an id; of the empty id the whole list
     */
    public static <T> Page<T> of(
            Function<String, Stream<T>> after,
            Function<T, String> id,
            Parameters parameters,
            Rules rules) {
        int size = parameters.integer(rules.sizeParameter).orElse(rules.standard);
        if (parameters.has(rules.sizeParameter)
                && (size < rules.smallest || size > rules.largest)) {
            throw ApiFault.of(
                    rules.invalidSize,
                    "Value ( %d ) for parameter %s is invalid. Expecting a value from %d to %d.",
                    size,
                    rules.sizeParameter,
                    rules.smallest,
                    rules.largest);
        }
        String query = digest(parameters, rules);
        String position =
                parameters
                        .text(rules.tokenParameter)
                        .map(token -> idIn(token, query, rules))
                        .orElse("");
        // Some services take 0 for the standard.
        int wanted = size == 0 ? rules.standard : size;
        List<T> rest = after.apply(position).limit(wanted + 1L).toList();
        List<T> items = rest.stream().limit(wanted).toList();
        Optional<String> next =
                rest.size() > items.size()
                        ? Optional.of(token(query, id.apply(items.getLast())))
                        : Optional.empty();
        return new Page<>(items, next);
    }

    private static String digest(Parameters parameters, Rules rules) {
        int digest =
                parameters.asMap().entrySet().stream()
                        .filter(entry -> !entry.getKey().equals(rules.tokenParameter))
                        .filter(entry -> !entry.getKey().equals(rules.sizeParameter))
                        .toList()
                        .hashCode();
        return Integer.toHexString(digest);
    }

    private static String token(String query, String after) {
        return Base64.getUrlEncoder()
                .encodeToString((query + "|" + after).getBytes(StandardCharsets.UTF_8));
    }

    private static String idIn(String token, String query, Rules rules) {
        try {
            String text = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
            if (text.startsWith(query + "|")) {
                return text.substring(query.length() + 1);
            }
        } catch (IllegalArgumentException e) {
            throw notValid(rules);
        }
        throw notValid(rules);
    }

    private static ApiFault notValid(Rules rules) {
        return ApiFault.of(rules.invalidToken, "The specified NextToken is not valid.");
    }
}
