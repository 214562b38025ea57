package dev.yagura.sandbox.config;

import dev.yagura.sandbox.wire.ApiFault;
import dev.yagura.sandbox.world.Account;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
 *   SELECT property, … WHERE condition AND … ORDER BY accountId
 *   condition: resourceType = '…'  resourceType IN ('…', …)  and the same of resourceId, accountId
 *              and awsRegion
 * </pre>
 *
 * @param types null for every one
 * @param ids null for every one
 * @param accounts null for every one
 * @param regions null for every one
 * @param ordered by account
 */
record Query(
        List<String> properties,
        @Nullable SortedSet<String> types,
        @Nullable SortedSet<String> ids,
        @Nullable SortedSet<String> accounts,
        @Nullable SortedSet<String> regions,
        boolean ordered) {
    static final String TYPE = "resourceType";
    static final String ID = "resourceId";
    static final String ACCOUNT = "accountId";
    static final String REGION = "awsRegion";

    private static final Set<String> PROPERTIES =
            Set.of(
                    ID,
                    "resourceName",
                    TYPE,
                    ACCOUNT,
                    REGION,
                    "arn",
                    "availabilityZone",
                    "tags",
                    "relationships",
                    "configuration",
                    "supplementaryConfiguration",
                    "configurationItemCaptureTime",
                    "configurationItemStatus",
                    "resourceCreationTime");

    private static final List<String> FILTERS = List.of(TYPE, ID, ACCOUNT, REGION);

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

    /** Whether an item of an account fits, apart from its type. */
    boolean matches(Item item, Account account) {
        return has(ids, item.key().id())
                && has(accounts, account.id())
                && (regions == null || has(regions, item.subject().describe(account).region()));
    }

    private static boolean has(@Nullable SortedSet<String> wanted, String value) {
        return wanted == null || wanted.contains(value);
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
            Map<String, SortedSet<String>> wanted = new HashMap<>();
            do {
                String property = property();
                if (!FILTERS.contains(property)) {
                    throw invalid("the sandbox filters by %s only".formatted(FILTERS));
                }
                wanted.put(property, both(wanted.get(property), values()));
            } while (skip("AND"));
            boolean ordered = skip("ORDER");
            if (ordered) {
                expect("BY");
                expect(ACCOUNT);
                if (!properties.contains(ACCOUNT)) {
                    throw invalid("ORDER BY needs a property of SELECT");
                }
            }
            if (next < tokens.size()) {
                throw invalid("unexpected " + tokens.get(next).text());
            }
            return new Query(
                    properties,
                    wanted.get(TYPE),
                    wanted.get(ID),
                    wanted.get(ACCOUNT),
                    wanted.get(REGION),
                    ordered);
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
