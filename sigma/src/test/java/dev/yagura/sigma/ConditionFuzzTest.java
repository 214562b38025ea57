package dev.yagura.sigma;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Timeout;

/** Any text as a condition, over the names that its first line holds. */
class ConditionFuzzTest {
    @FuzzTest(maxDuration = "40s")
    @Timeout(20)
    void readsAnyCondition(byte[] input) {
        String text = new String(input, StandardCharsets.UTF_8);
        int end = text.indexOf('\n');
        Set<String> names = Set.copyOf(List.of(text.substring(0, Math.max(0, end)).split(" ")));
        String written = text.substring(end + 1);
        Condition condition;
        try {
            condition = ConditionParser.parse(written, names);
        } catch (ConditionParser.Failure e) {
            assertThat(e.offset()).isBetween(0, written.length());
            assertThat(e.getMessage()).isNotBlank();
            return;
        }
        check(condition, names);
    }

    private static void check(Condition condition, Collection<String> names) {
        switch (condition) {
            case Condition.Selection(String name) -> assertThat(names).contains(name);
            case Condition.Not(Condition part) -> check(part, names);
            case Condition.And(List<Condition> parts) -> parts.forEach(part -> check(part, names));
            case Condition.Or(List<Condition> parts) -> parts.forEach(part -> check(part, names));
            case Condition.AtLeast(int count, List<String> some) -> {
                assertThat(count).isBetween(1, some.size());
                assertThat(names).containsAll(some);
            }
        }
    }
}
