package dev.yagura.sandbox.control;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One path of the control API.
 *
 * @param pattern segments, {@code *} for one that varies: {@code instances/*}{@code /flows}
 */
record Route(String method, List<String> pattern, Action action) {

    /** Answers with something that Jackson can write. */
    @FunctionalInterface
    interface Action {
        Object run(ControlRequest request);
    }

    static Route of(String method, String pattern, Action action) {
        return new Route(method, List.of(pattern.split("/", -1)), action);
    }

    /** What stood at the stars, or empty if the path is another. */
    Optional<List<String>> match(List<String> path) {
        if (path.size() != pattern.size()) {
            return Optional.empty();
        }
        List<String> varying = new ArrayList<>();
        for (int i = 0; i < path.size(); i++) {
            if (pattern.get(i).equals("*")) {
                varying.add(path.get(i));
            } else if (!pattern.get(i).equals(path.get(i))) {
                return Optional.empty();
            }
        }
        return Optional.of(varying);
    }
}
