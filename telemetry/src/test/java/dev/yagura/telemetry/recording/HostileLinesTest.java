package dev.yagura.telemetry.recording;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.proto.telemetry.v1.Event;
import dev.yagura.telemetry.event.EventLimits;
import dev.yagura.telemetry.event.EventParser;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Lines that somebody may write who wants the agent to end, to swell, or to have its batches
 * refused. Small ones are kept inputs of {@link LineReadersFuzzTest}.
 */
class HostileLinesTest {
    private final List<String> bad = new ArrayList<>();

    @Test
    void messagesWithinMessagesAreReadOnce() {
        List<Event> events =
                read(
                        Format.AUDITD,
                        "type=USER_CMD msg=audit(1.1:1): pid=1 msg='op=x " + "y='".repeat(100_000));
        assertThat(events).hasSize(1);
        assertThat(events.getFirst().getUnmappedMap()).containsEntry("op", "x");
    }

    @Test
    void structuredDataOfAnyLengthAreTaken() {
        String start = "<1>1 2025-10-25T13:44:33Z h p 1 - ";
        assertThat(
                        read(
                                Format.SYSLOG,
                                start + "[a " + "b".repeat(200_000) + "] one",
                                start + "[a b=\"" + "\\\"".repeat(100_000) + "\"] two",
                                start + "[a]".repeat(100_000) + " three"))
                .extracting(event -> event.getUnmappedOrDefault("message", ""))
                .containsExactly("one", "two", "three");
    }

    @Test
    void namesWithinLongNamesDoNotSwell() {
        String name = "n".repeat(5000);
        String values =
                IntStream.range(0, 600)
                        .mapToObj(i -> "\"" + i + "\":1")
                        .collect(Collectors.joining(","));
        List<Event> events =
                read(
                        Format.JSON,
                        "{\"" + name + "\":{" + values + "}}",
                        "{\"eventSource\":\"a\",\"eventName\":\"b\",\"eventTime\":\"c\",\""
                                + name
                                + "\":{"
                                + values
                                + "}}",
                        ("{\"" + name + "\":").repeat(150) + "1" + "}".repeat(150));
        assertThat(events).hasSize(3).allSatisfy(HostileLinesTest::isSendable);
    }

    @Test
    void aValueOfManyPartsIsCutWhileItIsRead() {
        String part = "\"" + "v".repeat(500) + "\"";
        List<Event> events =
                read(
                        Format.JSON,
                        "{\"values\":["
                                + IntStream.range(0, 20_000)
                                        .mapToObj(i -> part)
                                        .collect(Collectors.joining(","))
                                + "]}");
        assertThat(events).hasSize(1).allSatisfy(HostileLinesTest::isSendable);
    }

    /** One event that is too large would have its whole batch refused. */
    @Test
    void whateverFieldIsLongTheEventIsSmallEnough() {
        String sysmon =
                "{\"Channel\":\"Microsoft-Windows-Sysmon/Operational\",\"EventID\":%d,\"UtcTime\":\"2025-10-25"
                        + " 13:44:33.440\",\"%s\":\"%s\"}";
        String longText = "ü".repeat(60_000);
        List<Event> events =
                read(
                        Format.JSON,
                        sysmon.formatted(11, "TargetFilename", longText),
                        sysmon.formatted(22, "QueryName", longText),
                        sysmon.formatted(22, "QueryResults", "a;".repeat(60_000)),
                        sysmon.formatted(1, "User", longText),
                        sysmon.formatted(13, "TargetObject", longText),
                        "{\"eventSource\":\"a\",\"eventTime\":\"c\",\"eventName\":\""
                                + longText
                                + "\"}",
                        "{\"Channel\":\"" + longText + "\",\"EventID\":\"" + longText + "\"}",
                        "{\"MESSAGE\":\"m\",\"__REALTIME_TIMESTAMP\":\"1\",\"SYSLOG_IDENTIFIER\":\""
                                + longText
                                + "\"}");
        assertThat(events).hasSize(8).allSatisfy(HostileLinesTest::isSendable);
    }

    @Test
    void numbersOfAnyLengthAreNoTimes() {
        assertThat(
                        read(
                                Format.JSON,
                                "{\"timestamp\":\"" + "9".repeat(1_000_000) + ".5\"}",
                                "{\"timestamp\":1.0e999999999}",
                                "{\"timestamp\":\"1.0e-999999999\"}"))
                .hasSize(3);
    }

    private static void isSendable(Event event) {
        assertThat(event.getSerializedSize()).isLessThanOrEqualTo(EventLimits.MAX_EVENT_BYTES);
    }

    private List<Event> read(Format format, String... lines) {
        List<Event> events = new ArrayList<>();
        EventParser parser =
                format.parser(
                        "boot", Clock.systemUTC(), (line, reason) -> bad.add(reason), events::add);
        for (String line : lines) {
            parser.line(line);
        }
        parser.finish();
        assertThat(bad).isEmpty();
        return events;
    }
}
