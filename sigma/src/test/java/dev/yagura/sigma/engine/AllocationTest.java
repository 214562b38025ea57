package dev.yagura.sigma.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.yagura.proto.telemetry.v1.Device;
import dev.yagura.proto.telemetry.v1.Event;
import dev.yagura.proto.telemetry.v1.Process;
import dev.yagura.proto.telemetry.v1.RawRecord;
import dev.yagura.proto.telemetry.v1.User;
import dev.yagura.sigma.Detection;
import dev.yagura.sigma.pack.Rule;
import dev.yagura.sigma.pack.RuleLoader;
import dev.yagura.sigma.pack.RulePackReader;
import dev.yagura.sigma.taxonomy.FieldText;
import dev.yagura.sigma.taxonomy.SensorEvent;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What does not match costs no memory: a value that is tried on a pattern, and a whole event. */
class AllocationTest {
    private static final int VALUES = 100_000;
    private static final int EVENTS = 10_000;
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

    /** An event as it comes in a batch, and all of the project's own rules. */
    @ParameterizedTest
    @MethodSource("ordinaryEvents")
    void anEventThatNoRuleMatchesAllocatesNothing(Device device, Event ordinary) {
        EventMatcher matcher =
                RuleSetCompiler.compile(
                        1,
                        new RuleLoader()
                                .load(RulePackReader.own()).stream()
                                        .filter(rule -> rule.state() == Rule.State.ACTIVE)
                                        .filter(rule -> rule.sigma().isPresent())
                                        .map(rule -> rule.input(1))
                                        .toList());
        SensorEvent event = AuditEvents.encoded(ordinary);
        int met = 0;
        long bytes = Long.MAX_VALUE;
        for (int attempt = 0; attempt < ATTEMPTS && bytes > 0; attempt++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < EVENTS; i++) {
                met += matcher.match(device, event).size();
            }
            bytes = threads.getCurrentThreadAllocatedBytes() - before;
        }
        assertThat(met).isZero();
        assertThat(bytes).isLessThan(EVENTS);
    }

    static Stream<Arguments> ordinaryEvents() {
        Event.Builder launch =
                Event.newBuilder()
                        .setClassUid(1007)
                        .setActivityId(1)
                        .setProcess(
                                Process.newBuilder()
                                        .setUid("u")
                                        .setPid(4711)
                                        .setPath("/usr/bin/sort")
                                        .setCmdLine("sort -u /srv/report/names")
                                        .setUser(User.newBuilder().setUid("33")));
        RawRecord call =
                RawRecord.newBuilder()
                        .setType("SYSCALL")
                        .putFields("exe", "/usr/bin/sort")
                        .putFields("syscall", "59")
                        .putFields("a0", "7f00")
                        .build();
        RawRecord path =
                RawRecord.newBuilder().setType("PATH").putFields("name", "/usr/bin/sort").build();
        return Stream.of(
                Arguments.of(
                        AuditEvents.DEVICE,
                        launch.clone()
                                .setSource("auditd")
                                .addRawRecords(call)
                                .addRawRecords(path)
                                .build()),
                Arguments.of(
                        Device.newBuilder().setOs("windows").build(),
                        launch.clone()
                                .setSource("sysmon")
                                .putUnmapped("Channel", "Microsoft-Windows-Sysmon/Operational")
                                .putUnmapped("EventID", "1")
                                .putUnmapped("IntegrityLevel", "Medium")
                                .build()));
    }

    private static Detection detection(String field) {
        String text =
                AuditEvents.ruleText(
                        "5f0d9a4e-0000-4000-8000-000000000001", "s: {" + field + "}\ncondition: s");
        return Objects.requireNonNull(AuditEvents.rule(text).selections().get("s"));
    }
}
