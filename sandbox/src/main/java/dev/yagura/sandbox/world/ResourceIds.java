package dev.yagura.sandbox.world;

import java.util.SplittableRandom;

/** New ids of AWS's current form: prefix, 0, 16 hexadecimal digits. Repeatable for a given seed. */
public final class ResourceIds {
    private final SplittableRandom random;

    public ResourceIds(long seed) {
        this.random = new SplittableRandom(seed);
    }

    /** For example {@code next("sg")} is {@code sg-0c52af3d81e07b964}. */
    public String next(String prefix) {
        return "%s-0%016x".formatted(prefix, random.nextLong());
    }
}
