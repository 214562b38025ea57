package dev.yagura.detection.read;

import dev.yagura.common.paging.PageKey;
import jakarta.persistence.EntityManager;
import jakarta.persistence.Query;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Conditions of a native query, joined by and, with their parameters. */
public final class JpaConditions {
    private final List<String> texts = new ArrayList<>();
    private final List<Object> parameters = new ArrayList<>();

    /**
     * One more condition.
     *
     * @param text with a "?" for each value
     */
    public void add(String text, Object... values) {
        texts.add(text);
        parameters.addAll(List.of(values));
    }

    /** The column has one of the values. */
    public void in(String column, Collection<?> values) {
        add(
                column + " IN (" + String.join(", ", Collections.nCopies(values.size(), "?")) + ")",
                values.toArray());
    }

    /**
     * One page of the rows that meet all conditions, newest first.
     *
     * @param select with the columns create_time and id, up to the name of the table
     * @param after create_time and id of the last row of the page before
     */
    public <T> List<T> page(
            EntityManager entityManager,
            Class<T> entity,
            String select,
            Optional<PageKey> after,
            int limit) {
        after.ifPresent(key ->
                add(
                        "(create_time, id) < (cast(? AS timestamptz), cast(? AS uuid))",
                        key.text(0),
                        key.text(1)));
        return rows(
                entityManager, entity, select, "ORDER BY create_time DESC, id DESC LIMIT " + limit);
    }

    /**
     * Rows that meet all conditions.
     *
     * @param select up to the name of the table
     * @param order "ORDER BY …", or empty
     */
    public <T> List<T> rows(
            EntityManager entityManager, Class<T> entity, String select, String order) {
        String where = texts.isEmpty() ? "" : " WHERE " + String.join(" AND ", texts);
        Query query =
                entityManager.createNativeQuery(numbered(select + where + " " + order), entity);
        for (int index = 0; index < parameters.size(); index++) {
            query.setParameter(index + 1, parameters.get(index));
        }
        List<?> rows = query.getResultList();
        return rows.stream().map(entity::cast).toList();
    }

    /** Jakarta Persistence wants "?1", "?2" and so on. */
    private static String numbered(String sql) {
        StringBuilder numbered = new StringBuilder();
        int number = 0;
        for (int index = 0; index < sql.length(); index++) {
            numbered.append(sql.charAt(index));
            if (sql.charAt(index) == '?') {
                numbered.append(++number);
            }
        }
        return numbered.toString();
    }
}
