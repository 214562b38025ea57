package dev.yagura.detection.read;

import jakarta.persistence.EntityManager;
import jakarta.persistence.Query;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;

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
