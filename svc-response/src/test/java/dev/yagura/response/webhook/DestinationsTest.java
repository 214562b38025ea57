package dev.yagura.response.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yagura.response.aws.AddressBlock;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DestinationsTest {
    private static final Destinations PUBLIC = new Destinations(List.of());
    private static final Destinations EVERYTHING =
            new Destinations(List.of(AddressBlock.parse("0.0.0.0/0"), AddressBlock.parse("::/0")));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "169.254.169.254",
                "169.254.170.2",
                "0.0.0.0",
                "224.0.0.1",
                "255.255.255.255",
                "::",
                "::ffff:169.254.169.254",
                "::169.254.169.254",
                "64:ff9b::a9fe:a9fe",
                "64:ff9b:1::1",
                "2002:a9fe:a9fe::",
                "2001:0:a9fe:a9fe::",
                "fd00:ec2::254",
                "fe80::1",
                "ff02::1"
            })
    void neverWhereCredentialsAreGivenOut(String address) {
        assertThatThrownBy(() -> EVERYTHING.resolve(address))
                .isInstanceOf(UnknownHostException.class)
                .hasMessageContaining("which no webhook may be sent to");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "10.1.2.3",
                "100.64.0.1",
                "172.31.0.1",
                "192.168.0.1",
                "198.19.0.1",
                "::ffff:10.1.2.3",
                "64:ff9b::a01:203",
                "fd12:3456::1",
                "fec0::1"
            })
    void privateOnesOnlyWhereConfigured(String address) throws Exception {
        assertThatThrownBy(() -> PUBLIC.resolve(address))
                .hasMessageContaining("yagura.response.webhook.private-networks");
        assertThat(EVERYTHING.resolve(address)).hasSize(1);
    }

    @Test
    void onlyTheBlocksThatAreConfigured() throws Exception {
        Destinations some = new Destinations(List.of(AddressBlock.parse("10.20.0.0/16")));

        assertThat(some.resolve("10.20.255.1")).hasSize(1);
        assertThatThrownBy(() -> some.resolve("10.21.0.1"))
                .isInstanceOf(UnknownHostException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"203.0.113.7", "2600:1f00::1", "64:ff9b::cb00:7107"})
    void publicOnes(String address) throws Exception {
        assertThat(PUBLIC.resolve(address)).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "127.0.0.1", "127.8.0.1", "::1"})
    void loopbackWhenItIsWrittenSo(String host) throws Exception {
        assertThat(PUBLIC.resolve(host))
                .isNotEmpty()
                .allMatch(address -> address.isLoopbackAddress());
    }

    /** Its owner decides where a name leads, and may decide otherwise later. */
    @Test
    void aNameIsAsGoodAsTheWorstOfItsAddresses() throws Exception {
        assertThat(named("203.0.113.7", "203.0.113.8").resolve("hooks.example")).hasSize(2);
        for (String address : List.of("127.0.0.1", "::1", "10.0.0.1", "169.254.169.254")) {
            assertThatThrownBy(() -> named("203.0.113.7", address).resolve("hooks.example"))
                    .isInstanceOf(UnknownHostException.class)
                    .hasMessageContaining("hooks.example has the address");
        }
        assertThatThrownBy(() -> named("203.0.113.7").resolve("localhost"))
                .isInstanceOf(UnknownHostException.class);
    }

    private static Destinations named(String... addresses) {
        return new Destinations(
                List.of(),
                host ->
                        Stream.of(addresses)
                                .map(InetAddress::ofLiteral)
                                .toArray(InetAddress[]::new));
    }
}
