package dev.yagura.inventory.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Timestamp;
import dev.yagura.common.error.InvalidFieldException;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReadTimeTest {
    @Test
    void timeHasTheResolutionOfTheDatabase() {
        assertThat(ReadTime.of(Timestamp.newBuilder().setSeconds(1).setNanos(1_999).build()))
                .isEqualTo(Instant.parse("1970-01-01T00:00:01.000001Z"));
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MIN_VALUE, -62_135_596_801L, 253_402_300_800L, Long.MAX_VALUE})
    void secondsThatNoTimestampHasAreRefused(long seconds) {
        assertThatThrownBy(() -> ReadTime.of(Timestamp.newBuilder().setSeconds(seconds).build()))
                .isInstanceOf(InvalidFieldException.class)
                .hasMessageContaining("read_time");
    }
}
