package dev.yagura.sigma.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.sigma.Numbers;
import java.math.BigDecimal;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DecimalOrderTest {
    private static final long SEED = 20261126;
    private static final List<String> PIECES =
            List.of("0", "0", "00", "1", "12", "9", ".", "-", "+", "5", "1e3", "0.10");

    /** BigDecimal is the authority. */
    @Test
    void comparesAsNumbersDo() {
        Random random = new Random(SEED);
        int numbers = 0;
        for (int round = 0; round < 100_000; round++) {
            BigDecimal number = Numbers.parse(text(random)).orElse(BigDecimal.ZERO);
            String text = text(random);
            int expected =
                    Numbers.parse(text)
                            .map(value -> value.compareTo(number))
                            .orElse(DecimalOrder.NO_NUMBER);
            assertThat(new DecimalOrder(number).compare(text))
                    .as("'%s' and %s", text, number)
                    .isEqualTo(expected);
            numbers += expected == DecimalOrder.NO_NUMBER ? 0 : 1;
        }
        assertThat(numbers).isGreaterThan(20_000);
    }

    private static String text(Random random) {
        StringBuilder text = new StringBuilder(random.nextInt(4) == 0 ? "-" : "");
        for (int i = random.nextInt(5); i >= 0; i--) {
            text.append(PIECES.get(random.nextInt(PIECES.size())));
        }
        return text.toString();
    }
}
