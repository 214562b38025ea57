package dev.yagura.indicator;

/**
 * 64-bit fingerprints of keys, without making objects. Every index has a random seed, so nobody can
 * prepare values that collide. With n indicators in an index, a value that is none of them has the
 * fingerprint of one with a chance of n / 2^64 (a million: 5e-14), and whoever gets a hit compares
 * the values themselves.
 */
final class Fingerprints {
    private static final long MULTIPLIER = 0x9e3779b97f4a7c15L;
    private static final long KIND = 0xc2b2ae3d27d4eb4fL;

    private final long seed;

    Fingerprints(long seed) {
        this.seed = seed;
    }

    /** Before the first character. */
    long start() {
        return seed;
    }

    /** After one more character. */
    static long step(long state, int c) {
        long mixed = (state ^ c) * MULTIPLIER;
        return mixed ^ mixed >>> 29;
    }

    /** Of what was taken in, as a key of this kind; never 0. */
    static long finish(long state, IndicatorKind kind) {
        return avalanche(state ^ kind.code() * KIND);
    }

    /** Of 128 bits; never 0. */
    long of(IndicatorKind kind, long high, long low, int length) {
        long state = step(step(seed, length), 0) ^ high;
        state = avalanche(state) ^ low;
        return finish(state * MULTIPLIER, kind);
    }

    /** Of hexadecimal digits of either case; never 0. */
    long ofHex(IndicatorKind kind, String text) {
        long state = seed;
        int length = text.length();
        for (int from = 0; from < length; from += 16) {
            long bits = 0;
            int to = Math.min(from + 16, length);
            for (int index = from; index < to; index++) {
                bits = bits << 4 | HexText.digit(text.charAt(index)) & 0xf;
            }
            state = (state ^ avalanche(bits)) * MULTIPLIER;
            state ^= state >>> 29;
        }
        return finish(state, kind);
    }

    /** David Stafford's variant 13 of MurmurHash3's finaliser: every bit depends on every bit. */
    private static long avalanche(long value) {
        long mixed = (value ^ value >>> 30) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94d049bb133111ebL;
        mixed ^= mixed >>> 31;
        return mixed == 0 ? 1 : mixed;
    }
}
