package dev.yagura.inventory.asset;

import dev.yagura.inventory.filter.Filter;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** A statement in the making: text, and the values of its parameters in their order. */
final class FilterSql {
    /**
     * By the asset's few tags. Not EXISTS, and no index on the key: with either, PostgreSQL may
     * read every asset with the tag first.
     */
    private static final String TAG =
            "SELECT t.value FROM asset_tag t WHERE t.asset_id = a.id AND t.key || '' = ?";

    private final StringBuilder text = new StringBuilder();
    private final List<Object> values = new ArrayList<>();

    /** Adds text with its parameters, texts, numbers or ids. */
    FilterSql add(String sql, Object... parameters) {
        text.append(sql);
        values.addAll(List.of(parameters));
        return this;
    }

    FilterSql add(FilterSql other) {
        text.append(other.text);
        values.addAll(other.values);
        return this;
    }

    /** Adds what is true for the rows "a" of the table of assets that the filter matches. */
    FilterSql add(Filter filter) {
        return switch (filter) {
            case Filter.And and -> joined(and.parts(), " AND ", "true");
            case Filter.Or or -> joined(or.parts(), " OR ", "false");
            case Filter.Not not -> add("NOT (").add(not.part()).add(")");
            case Filter.Equal equal ->
                    add("a." + AssetDriver.column(equal.field()) + " = ?", equal.value());
            case Filter.Present present ->
                    add("a." + AssetDriver.column(present.field()) + " <> ''");
            case Filter.TagEqual tag ->
                    add("(" + TAG + ") IS NOT DISTINCT FROM ?", tag.key(), tag.value());
            case Filter.TagPresent tag -> add("(" + TAG + ") IS NOT NULL", tag.key());
        };
    }

    private FilterSql joined(List<Filter> parts, String word, String none) {
        if (parts.isEmpty()) {
            return add(none);
        }
        add("(");
        for (int i = 0; i < parts.size(); i++) {
            add(i == 0 ? "" : word).add(parts.get(i));
        }
        return add(")");
    }

    String text() {
        return text.toString();
    }

    void fill(PreparedStatement statement) throws SQLException {
        for (int i = 0; i < values.size(); i++) {
            statement.setObject(i + 1, values.get(i));
        }
    }
}
