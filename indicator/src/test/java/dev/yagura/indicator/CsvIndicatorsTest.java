package dev.yagura.indicator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yagura.proto.detection.v1.Severity;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class CsvIndicatorsTest {
    private static final IndicatorEntry.Defaults DEFAULTS =
            new IndicatorEntry.Defaults(Severity.SEVERITY_MEDIUM, 50);

    @Test
    void readsEveryColumn() throws Exception {
        CollectedEntries read =
                read(
                        """
                        type,value,valid_from,valid_until,revoked,confidence,severity,labels,description,id
                        domain,evil.example,2026-01-31,2026-02-28T12:30:00+09:00,true,80,critical,c2;attack.t1071;c2,"a ""C2"", old",x-1
                        """);
        assertThat(read.rejected).isEmpty();
        assertThat(read.entries)
                .singleElement()
                .isEqualTo(
                        new IndicatorEntry(
                                new IndicatorKey(IndicatorKind.DOMAIN, "evil.example"),
                                "x-1",
                                Instant.parse("2026-01-31T00:00:00Z"),
                                Instant.parse("2026-02-28T03:30:00Z"),
                                true,
                                80,
                                Severity.SEVERITY_CRITICAL,
                                java.util.List.of("c2", "attack.t1071"),
                                "a \"C2\", old",
                                null));
    }

    @Test
    void takesDefaultsForWhatIsNotSaid() throws Exception {
        CollectedEntries read = read("value,type\n203.0.113.1,ip\n");
        assertThat(read.entries.getFirst().severity()).isEqualTo(Severity.SEVERITY_MEDIUM);
        assertThat(read.entries.getFirst().confidence()).isEqualTo(50);
        assertThat(read.entries.getFirst().validUntil()).isNull();
    }

    @Test
    void leavesBadLinesOutAndSaysWhere() throws Exception {
        CollectedEntries read =
                read(
                        """
                        # a feed
                        type,value,confidence,valid_from,valid_until
                        ip,203.0.113.1

                        ip,203.0.113.300
                        host,evil.example
                        ip,203.0.113.2,101
                        ip,203.0.113.3,,yesterday
                        ip,203.0.113.4,,2026-02-01,2026-01-01
                        file,"two
                        lines"
                        ip,203.0.113.5,1,,,,
                        # the end
                        ip,203.0.113.6
                        """);
        assertThat(read.values()).containsExactly("ip 203.0.113.1", "ip 203.0.113.6");
        assertThat(read.rejected)
                .satisfiesExactly(
                        line -> assertThat(line).startsWith("5 value: '203.0.113.300'"),
                        line -> assertThat(line).startsWith("6 type: 'host' is no type"),
                        line -> assertThat(line).startsWith("7 confidence: '101'"),
                        line -> assertThat(line).startsWith("8 valid_from: 'yesterday'"),
                        line -> assertThat(line).startsWith("9 valid_until: valid_until is not"),
                        line -> assertThat(line).startsWith("10 value: the path holds control"),
                        line -> assertThat(line).startsWith("12 : has 7 values for 5 columns"));
    }

    @Test
    void anOpenQuoteDoesNotSwallowTheFile() throws Exception {
        String filler = "ip,203.0.113.7\n".repeat(6_000);
        CollectedEntries read = read("type,value\nip,\"203.0.113.1\n" + filler);
        assertThat(read.rejected)
                .singleElement()
                .asString()
                .contains("2 : has a quote that is not closed within 64 KiB");
        assertThat(read.entries).hasSizeGreaterThan(1_000);
        assertThat(read("type,value\nip,\"203.0.113.1\n").rejected)
                .singleElement()
                .asString()
                .contains("never closed");
    }

    @Test
    void saysWhichColumnsItDoesNotKnow() throws Exception {
        CollectedEntries read = read("\uFEFFType,VALUE,colour\r\nip,203.0.113.1,red\r\n");
        assertThat(read.values()).containsExactly("ip 203.0.113.1");
        assertThat(read.noticed)
                .containsExactly("1 colour: is no column known here; its values are left out");
    }

    @Test
    void refusesAFileWithoutAHeader() {
        assertThatThrownBy(() -> read("ip,203.0.113.1\n"))
                .isInstanceOf(UnreadableImportException.class)
                .hasMessageContaining("does not begin with a header")
                .hasMessageContaining("valid_until");
        assertThatThrownBy(() -> read("")).hasMessageContaining("is empty");
        assertThatThrownBy(() -> read("type,value,type\n")).hasMessageContaining("twice");
    }

    private static CollectedEntries read(String text) throws Exception {
        CollectedEntries collected = new CollectedEntries();
        CsvIndicators.read(
                new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)),
                DEFAULTS,
                collected);
        return collected;
    }
}
