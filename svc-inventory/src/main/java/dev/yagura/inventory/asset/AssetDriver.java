package dev.yagura.inventory.asset;

import dev.yagura.inventory.filter.Filter;
import dev.yagura.inventory.filter.FilterField;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/**
 * What a list walks: an index that has the ids of one value in their order, a few of these side by
 * side, or all ids. Of these rows only a bounded number is looked at for a page, whatever else the
 * filter asks.
 *
 * @param condition that every row of it fulfils; empty for all rows
 */
record AssetDriver(Optional<Filter> condition) {
    private static final List<FilterField> INDEXED =
            List.of(
                    FilterField.NATIVE_ID,
                    FilterField.SUBNET_ID,
                    FilterField.VPC_ID,
                    FilterField.OWNER,
                    FilterField.ENVIRONMENT,
                    FilterField.INSTANCE_STATE,
                    FilterField.RESOURCE_TYPE,
                    FilterField.ACCOUNT);

    /** Values that are walked side by side. */
    private static final int MAX_VALUES = 20;

    static final AssetDriver ALL = new AssetDriver(Optional.empty());

    /** Those that a list with the filter could walk. */
    static List<AssetDriver> of(Filter filter) {
        return filter.conditions()
                .map(AssetDriver::single)
                .filter(AssetDriver::isIndexed)
                .distinct()
                .map(condition -> new AssetDriver(Optional.of(condition)))
                .toList();
    }

    /** One of one is that one. */
    private static Filter single(Filter condition) {
        return condition instanceof Filter.Or or && or.parts().size() == 1
                ? or.parts().getFirst()
                : condition;
    }

    private static boolean isIndexed(Filter condition) {
        return condition instanceof Filter.TagEqual
                || !oneOf(condition).isEmpty()
                || (condition instanceof Filter.Equal equal
                        && INDEXED.contains(equal.field())
                        && !equal.value().isEmpty());
    }

    static String column(FilterField field) {
        return field == FilterField.ACCOUNT ? "account_id" : field.name().toLowerCase(Locale.ROOT);
    }

    /** How many rows it has, counted up to a bound. */
    FilterSql count(int most) {
        return rows(new FilterSql().add("SELECT count(*) FROM (SELECT"), new UUID(0, 0), most)
                .add(" LIMIT " + most + ") counted");
    }

    /**
     * Rows (id, whether the filter matches it, its place): the first ones above an id that it
     * matches, and the last of those that are looked at.
     */
    FilterSql matching(Filter filter, UUID after, int looked, int limit) {
        FilterSql select =
                new FilterSql()
                        .add("SELECT id, hit, place FROM (SELECT " + id() + " AS id, (")
                        .add(rest(filter))
                        .add(") AS hit, row_number() OVER (ORDER BY " + id() + ") AS place");
        // Numbers stand in the text: the planner must know how little is wanted.
        return rows(select, after, looked)
                .add(" ORDER BY " + id() + " LIMIT " + looked + ") looked")
                .add(" WHERE hit OR place = " + looked + " ORDER BY id LIMIT " + limit);
    }

    /** Without what holds for every row. */
    private Filter rest(Filter filter) {
        return new Filter.And(
                filter.conditions()
                        .filter(each -> !Optional.of(single(each)).equals(condition))
                        .toList());
    }

    private FilterSql rows(FilterSql select, UUID after, int most) {
        switch (condition.orElse(Filter.ALL)) {
            case Filter.TagEqual tag ->
                    select.add(
                            " FROM asset_tag d JOIN asset a ON a.id = d.asset_id"
                                    + " WHERE d.key = ? AND d.value = ?",
                            tag.key(),
                            tag.value());
            case Filter.Or or -> merged(select, oneOf(or), after, most);
            case Filter.Equal equal -> select.add(" FROM asset a WHERE ").add(indexed(equal));
            default -> select.add(" FROM asset a WHERE true");
        }
        return select.add(" AND " + id() + " > ?", after);
    }

    /** Walks of all values side by side; of each no more than is wanted of them together. */
    private static void merged(FilterSql select, List<Filter.Equal> values, UUID after, int most) {
        String bound = " ORDER BY id LIMIT " + most;
        select.add(" FROM (SELECT id FROM (");
        for (int i = 0; i < values.size(); i++) {
            select.add(i == 0 ? "(" : " UNION ALL (")
                    .add("SELECT a.id FROM asset a WHERE ")
                    .add(indexed(values.get(i)))
                    .add(" AND a.id > ?" + bound + ")", after);
        }
        select.add(") each" + bound + ") d JOIN asset a ON a.id = d.id WHERE true");
    }

    /** The second is the condition of partial indexes, which no parameter implies. */
    private static FilterSql indexed(Filter.Equal equal) {
        String column = "a." + column(equal.field());
        return new FilterSql().add(column + " = ? AND " + column + " <> ''", equal.value());
    }

    /** Few values of one indexed field, of which one is asked for; else none. */
    private static List<Filter.Equal> oneOf(Filter condition) {
        if (!(condition instanceof Filter.Or or) || or.parts().size() > MAX_VALUES) {
            return List.of();
        }
        List<Filter.Equal> values =
                or.parts().stream()
                        .filter(Filter.Equal.class::isInstance)
                        .map(Filter.Equal.class::cast)
                        .filter(AssetDriver::isIndexed)
                        .distinct()
                        .toList();
        long fields = values.stream().map(Filter.Equal::field).distinct().count();
        return fields == 1 && values.size() == or.parts().size() ? values : List.of();
    }

    private String id() {
        return switch (condition.orElse(Filter.ALL)) {
            case Filter.TagEqual _ -> "d.asset_id";
            case Filter.Or _ -> "d.id";
            default -> "a.id";
        };
    }
}
