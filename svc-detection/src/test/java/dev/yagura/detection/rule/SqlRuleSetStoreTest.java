package dev.yagura.detection.rule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.testkit.PostgresFixture;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class SqlRuleSetStoreTest {
    @RegisterExtension static final PostgresFixture POSTGRES = PostgresFixture.of("detection");

    private final RuleSetStore store = new SqlRuleSetStore(POSTGRES.transactions());

    @BeforeAll
    static void migrate() {
        POSTGRES.migrate();
    }

    @BeforeEach
    void empty() {
        POSTGRES.execute("TRUNCATE rule_set");
    }

    @Test
    void eachContentHasItsNumber() {
        assertThat(store.numberOf("a")).isEqualTo(1);
        assertThat(store.numberOf("b")).isEqualTo(2);
        assertThat(store.numberOf("a")).isEqualTo(1);
        assertThat(new SqlRuleSetStore(POSTGRES.transactions()).numberOf("b")).isEqualTo(2);
    }

    @Test
    void replicasThatStartTogetherAgree() throws Exception {
        List<Callable<Long>> starts = new ArrayList<>();
        for (int i = 0; i < 32; i++) {
            String content = "content-" + i % 4;
            starts.add(() -> store.numberOf(content));
        }
        List<Long> numbers = new ArrayList<>();
        try (ExecutorService replicas = Executors.newFixedThreadPool(8)) {
            for (Future<Long> number : replicas.invokeAll(starts)) {
                numbers.add(number.get());
            }
        }
        assertThat(numbers).containsOnly(1L, 2L, 3L, 4L);
        for (int i = 4; i < numbers.size(); i++) {
            assertThat(numbers.get(i)).isEqualTo(numbers.get(i % 4));
        }
    }
}
