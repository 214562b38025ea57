package dev.yagura.response.host;

import dev.yagura.common.config.Settings;
import java.time.Duration;

/**
 * Section "memory". The bucket is that of section "triage".
 *
 * @param partMib of memory in an object; a host has it in its memory, compressed, until it has
 *     arrived
 * @param mostGib a host with more refuses
 * @param rateMib of memory a second, on average
 * @param poll pause between two looks at a host
 * @param deadline of an image, until all of it was read back
 */
public record MemoryConfig(
        int partMib, int mostGib, int rateMib, Duration poll, Duration deadline) {
    private static final int KIB = 1024;

    public static MemoryConfig from(Settings settings) {
        Settings memory = settings.section("memory");
        return new MemoryConfig(
                memory.integer(
                        "part-mib",
                        128,
                        8,
                        1024,
                        "How much memory an object of capture_memory has, in MiB; the host needs"
                                + " twice that much of its memory free."),
                memory.integer(
                        "most-gib",
                        256,
                        1,
                        32_768,
                        "How much memory a host may have for capture_memory, in GiB; one with more"
                                + " refuses."),
                memory.integer(
                        "rate-mib",
                        100,
                        1,
                        10_000,
                        "How fast capture_memory may read a host's memory on average, in MiB a"
                                + " second."),
                memory.duration(
                        "poll",
                        Duration.ofSeconds(10),
                        "Pause between two looks at a host that captures its memory."),
                memory.duration(
                        "deadline",
                        Duration.ofHours(12),
                        "How long capture_memory may take until its image was read back."));
    }

    int partKib() {
        return partMib * KIB;
    }

    /** Of a compressed part: what cannot be compressed grows a little. */
    long mostBytes() {
        return partMib * (long) KIB * KIB * 17 / 16 + KIB;
    }

    long mostMib() {
        return (long) mostGib * KIB;
    }

    long mostBytesOfHost() {
        return mostMib() * KIB * KIB;
    }

    long rateKib() {
        return (long) rateMib * KIB;
    }
}
