package dev.yagura.sandbox.config;

import dev.yagura.sandbox.wire.ApiFault;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What an inventory asks with the SQL of advanced queries.
 *
 * <pre>
 *   SELECT property, … WHERE condition AND …
 *   condition: resourceType = '…'  resourceType IN ('…', …)  and the same of resourceId
 * </pre>
 *
 * @param types null for every one
 * @param ids null for every one
 */
record Query(
        List<String> properties,
        @Nullable SortedSet<String> types,
        @Nullable SortedSet<String> ids) {
    static final String TYPE = "resourceType";
    static final String ID = "resourceId";

    private static final Set<String> PROPERTIES =
            Set.of(
                    ID,
                    "resourceName",
                    TYPE,
                    "accountId",
                    "awsRegion",
                    "arn",
                    "availabilityZone",
                    "tags",
                    "relationships",
                    "configuration",
                    "supplementaryConfiguration",
                    "configurationItemCaptureTime",
                    "configurationItemStatus",
                    "resourceCreationTime");

    private static final Pattern TOKEN =
            Pattern.compile(
                    "\\s*(?:(?<word>[A-Za-z][\\w.]*)|'(?<text>[^']*)'|(?<sign>[=,()]))\\s*");

    Query {
        properties = List.copyOf(properties);
    }

    /**
     * Reads an expression.
     *
     * @throws ApiFault InvalidExpressionException for whatever the sandbox does not know
     */
    static Query parse(String expression) {
        return new Reader(expression).query();
    }

    /**
     * A word, a sign or a text.
     *
     * @param quoted whether it is a text
     */
    private record Token(String text, boolean quoted) {
        boolean is(String keyword) {
            return !quoted && text.equalsIgnoreCase(keyword);
        }
    }

    private static final class Reader {
        private final List<Token> tokens = new ArrayList<>();
        private int next;

        Reader(String expression) {
            Matcher matcher = TOKEN.matcher(expression);
            int end = 0;
            while (matcher.lookingAt()) {
                String text = matcher.group("text");
                tokens.add(new Token(text == null ? matcher.group().strip() : text, text != null));
                end = matcher.end();
                matcher.region(end, expression.length());
            }
            if (end < expression.length()) {
                throw invalid("unexpected input at character " + (end + 1));
            }
        }

        Query query() {
            expect("SELECT");
            List<String> properties = new ArrayList<>();
            do {
                properties.add(property());
            } while (skip(","));
            expect("WHERE");
            SortedSet<String> types = null;
            SortedSet<String> ids = null;
            do {
                Token property = take();
                if (property.is(TYPE)) {
                    types = both(types, values());
                } else if (property.is(ID)) {
                    ids = both(ids, values());
                } else {
                    throw invalid("the sandbox filters by resourceType and resourceId only");
                }
            } while (skip("AND"));
            if (next < tokens.size()) {
                throw invalid("unexpected " + tokens.get(next).text());
            }
            return new Query(properties, types, ids);
        }

        private static SortedSet<String> both(
                @Nullable SortedSet<String> before, Set<String> more) {
            SortedSet<String> values = new TreeSet<>(more);
            if (before != null) {
                values.retainAll(before);
            }
            return values;
        }

        private String property() {
            Token token = take();
            if (token.quoted() || !PROPERTIES.contains(token.text())) {
                throw invalid("the sandbox has no property " + token.text());
            }
            return token.text();
        }

        private Set<String> values() {
            Set<String> values = new HashSet<>();
            if (skip("=")) {
                values.add(text());
                return values;
            }
            expect("IN");
            expect("(");
            do {
                values.add(text());
            } while (skip(","));
            expect(")");
            return values;
        }

        private String text() {
            Token token = take();
            if (!token.quoted()) {
                throw invalid("a text in quotes is missing before " + token.text());
            }
            return token.text();
        }

        private boolean skip(String keyword) {
            boolean there = next < tokens.size() && tokens.get(next).is(keyword);
            next += there ? 1 : 0;
            return there;
        }

        private void expect(String keyword) {
            if (!skip(keyword)) {
                throw invalid(keyword.toUpperCase(Locale.ROOT) + " is missing");
            }
        }

        private Token take() {
            if (next == tokens.size()) {
                throw invalid("the expression ends too early");
            }
            return tokens.get(next++);
        }

        private static ApiFault invalid(String why) {
            return ApiFault.of(
                    "InvalidExpressionException", "The syntax of the query is incorrect: %s", why);
        }
    }
}
