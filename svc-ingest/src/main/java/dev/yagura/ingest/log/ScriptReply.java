package dev.yagura.ingest.log;

import java.util.List;

/**
 * What the scripts answer: a code and numbers.
 *
 * @param numbers after the code
 */
record ScriptReply(int code, List<Long> numbers) {
    static final int DONE = 0;
    static final int RECORDED = 1;
    static final int DUPLICATE = 2;
    static final int EXPECTED = 3;
    static final int FENCED = 4;
    static final int OTHER_LOG = 6;
    static final int OTHER_AGENT = 7;

    static ScriptReply of(Object reply) {
        List<Long> parts = ((List<?>) reply).stream().map(Long.class::cast).toList();
        return new ScriptReply(parts.getFirst().intValue(), parts.subList(1, parts.size()));
    }

    long number(int index) {
        return numbers.get(index);
    }
}
