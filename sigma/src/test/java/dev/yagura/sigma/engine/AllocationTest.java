package dev.yagura.sigma.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.yagura.sigma.Detection;
import dev.yagura.sigma.taxonomy.FieldText;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A value that is tried on a pattern and does not meet it costs no memory, whatever the pattern.
 */
class AllocationTest {
    private static final int VALUES = 100_000;
    private static final int ATTEMPTS = 20;
    private static final List<FieldText> TEXTS =
            Stream.of(
                            "12",
                            "-0.50",
                            "+007.00",
                            "1e5",
                            "192.168.10.7",
                            "2001:db8::192.0.2.33",
                            "2001:db8:0:0:1::1",
                            "::ffff:192.0.2.1",
                            "xabababd",
                            "a text of some length, as command lines are")
                    .map(FieldText::of)
                    .toList();

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "f|lt: -7",
                "f|gte: 12345678901234567890.5",
                "f|cidr: 10.0.0.0/8",
                "f|cidr: 'fe80::/10'",
                "f|re: '^x(a|b)+c$'",
                "f|re|i: 'xabc+'",
                "f|fieldref|endswith: g",
                "f|minute: 7",
                "f: '*q?z*'",
                "f|contains|cased: Text"
            })
    void whatIsNotMetAllocatesNothing(String field) {
        Detection.Test detection = (Detection.Test) detection(field);
        ValueTest test = ValueTest.of(detection.pattern());
        FieldText other = FieldText.of("/no/such/end");
        int met = 0;
        long bytes = Long.MAX_VALUE;
        // An automaton's states, and classes, are made in the first attempt.
        for (int attempt = 0; attempt < ATTEMPTS && bytes > 0; attempt++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < VALUES; i++) {
                met += test.test(TEXTS.get(i % TEXTS.size()), other) ? 1 : 0;
            }
            bytes = threads.getCurrentThreadAllocatedBytes() - before;
        }
        assertThat(met).isZero();
        assertThat(bytes).isLessThan(VALUES);
    }

    private static Detection detection(String field) {
        String text =
                AuditEvents.ruleText(
                        "5f0d9a4e-0000-4000-8000-000000000001", "s: {" + field + "}\ncondition: s");
        return Objects.requireNonNull(AuditEvents.rule(text).selections().get("s"));
    }
}
