package dev.yagura.sigma;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressTextTest {
    private static final long SEED = 20261126;
    private static final List<String> PIECES =
            List.of(
                    ":", ":", ":", "::", "0", "1", "ffff", "fe80", "2001", "db8", "00a", "10",
                    "255", "256", ".", ".", "1.2.3.4", "::ffff:", "g", "00001");

    /** The platform's own reader is the authority. */
    @Test
    void readsWhatThePlatformReads() {
        Random random = new Random(SEED);
        int addresses = 0;
        for (int round = 0; round < 200_000; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(17); i >= 0; i--) {
                text.append(PIECES.get(random.nextInt(PIECES.size())));
            }
            addresses += agree(text.toString());
        }
        assertThat(addresses).isGreaterThan(2_000);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":",
                "::",
                ":::",
                "1::",
                "::1",
                "1:2:3:4:5:6:7:8",
                "1:2:3:4:5:6:7::",
                "1:2:3:4:5:6:7:8::",
                "::2:3:4:5:6:7:8",
                "1::3::5",
                "1:2:3:4:5:6:1.2.3.4",
                "1:2:3:4:5:6:7:1.2.3.4",
                "::1.2.3.4",
                "::ffff:1.2.3.4",
                "::ffff:1.2.3.256",
                "1.2.3.4",
                "1.2.3",
                "1.2.3.4.5",
                "001.002.003.004",
                "1.2.3.4:1",
                "fe80::1%eth0",
                "1:2:3:4:5:6:7:",
                ":1:2:3:4:5:6:7:8",
                "12345::",
                "::1.2.3.4:5",
                "1.2.3.",
                ".1.2.3"
            })
    void readsTheEdgesAsThePlatformDoes(String text) {
        agree(text);
    }

    /** 1 for an address. */
    private static int agree(String text) {
        byte[] expected = IpAddresses.parse(text).orElse(new byte[0]);
        Pattern.Network v4 = new Pattern.Network(new byte[4], 0, "all");
        Pattern.Network v6 = new Pattern.Network(new byte[16], 0, "all");
        assertThat(v4.contains(text)).as(text).isEqualTo(expected.length == 4);
        assertThat(v6.contains(text)).as(text).isEqualTo(expected.length == 16);
        if (expected.length == 0) {
            return 0;
        }
        int bits = 8 * expected.length;
        assertThat(new Pattern.Network(expected, bits, text).contains(text)).as(text).isTrue();
        for (int bit = 0; bit < bits; bit += 5) {
            byte[] other = expected.clone();
            other[bit / 8] ^= (byte) (0x80 >>> bit % 8);
            assertThat(new Pattern.Network(other, bit, text).contains(text)).as(text).isTrue();
            assertThat(new Pattern.Network(other, bit + 1, text).contains(text))
                    .as("%s in another network of %d bits", text, bit + 1)
                    .isFalse();
        }
        return 1;
    }
}
