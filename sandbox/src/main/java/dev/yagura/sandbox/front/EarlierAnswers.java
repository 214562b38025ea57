package dev.yagura.sandbox.front;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** What reads were answered last, for services that show older states for a while. */
final class EarlierAnswers {
    private static final int MOST = 1_000;
    private static final Pattern READ =
            Pattern.compile("[a-z0-9]+:(Describe|Get|List|BatchGet|Select)[A-Za-z0-9]+");

    private final Map<Question, Reply> answers =
            new LinkedHashMap<>() {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<Question, Reply> eldest) {
                    return size() > MOST;
                }
            };

    /** What was asked; by whom is not part of it. */
    record Question(Place place, String action, Map<String, String> parameters) {}

    void keep(Question question, Reply reply) {
        if (READ.matcher(question.action()).matches()) {
            answers.put(question, reply);
        }
    }

    Optional<Reply> to(Question question) {
        return Optional.ofNullable(answers.get(question));
    }

    void clear() {
        answers.clear();
    }
}
