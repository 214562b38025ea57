package dev.yagura.sandbox.world;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Idle timeouts of connection tracking that were set on an interface, in seconds; null where none
 * was. Ranges as AWS documents: TCP established 60-432,000, UDP stream 60-180, UDP 30-60.
 */
public record TrackingTimeouts(
        @Nullable Integer tcpEstablished,
        @Nullable Integer udpStream,
        @Nullable Integer udpSingle) {
    public static final TrackingTimeouts UNSET = new TrackingTimeouts(null, null, null);

    private static final int TCP_DEFAULT = 432_000;
    private static final int TCP_DEFAULT_NITRO_V6 = 350;

    /** How long an established TCP connection may be silent and still be tracked. */
    public Duration tcp(boolean nitroV6) {
        if (tcpEstablished != null) {
            return Duration.ofSeconds(tcpEstablished);
        }
        return Duration.ofSeconds(nitroV6 ? TCP_DEFAULT_NITRO_V6 : TCP_DEFAULT);
    }

    /** The same for UDP: longer once more than one request was answered. */
    public Duration udp(boolean stream) {
        if (stream) {
            return Duration.ofSeconds(udpStream != null ? udpStream : 180);
        }
        return Duration.ofSeconds(udpSingle != null ? udpSingle : 30);
    }
}
