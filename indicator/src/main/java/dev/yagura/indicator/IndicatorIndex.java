package dev.yagura.indicator;

import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Which keys there may be: a fingerprint of each key, 12 to 24 bytes, and which kinds and lengths
 * of networks there are, so that nothing is looked for in vain. Each kind has a table of its own:
 * those that are asked several times a value are small and stay in the processor's cache. Only
 * grows; a smaller one is built anew. One thread adds at a time while any number look up.
 */
public final class IndicatorIndex {
    private final Fingerprints fingerprints;
    // By the code of the kind.
    private final FingerprintTable[] tables;
    private volatile int kinds;
    // Bit n: there is a network whose prefix has n bits, of 128.
    private volatile long lowLengths;
    private volatile long highLengths;

    /** An empty one. */
    public IndicatorIndex() {
        this(ThreadLocalRandom.current().nextLong());
    }

    IndicatorIndex(long seed) {
        this.fingerprints = new Fingerprints(seed);
        this.tables = new FingerprintTable[IndicatorKind.values().length + 1];
        for (int code = 0; code < tables.length; code++) {
            tables[code] = new FingerprintTable();
        }
    }

    /** Adds a key in its normal form. */
    public synchronized void add(IndicatorKey key) {
        if (key.kind() == IndicatorKind.NETWORK) {
            int length = prefix(key.value());
            if (length < 64) {
                lowLengths |= 1L << length;
            } else {
                highLengths |= 1L << (length - 64);
            }
        }
        tables[key.kind().code()].add(fingerprint(key));
        kinds |= key.kind().bit();
    }

    /** False when the key is surely not in it. */
    public boolean mayHave(IndicatorKey key) {
        return has(key.kind(), fingerprint(key));
    }

    private long fingerprint(IndicatorKey key) {
        return switch (key.kind()) {
            case SHA256, SHA1, MD5 -> fingerprints.ofHex(key.kind(), key.value());
            case ADDRESS, NETWORK -> ofAddress(key);
            case DOMAIN, DOMAIN_TREE, FILE -> backwards(key);
            case URL -> forwards(key);
        };
    }

    private long ofAddress(IndicatorKey key) {
        AddressReader reader = new AddressReader();
        int slash = key.value().indexOf('/');
        if (!reader.read(key.value(), 0, slash < 0 ? key.value().length() : slash)) {
            throw new IllegalArgumentException("not in its normal form: " + key);
        }
        return fingerprints.of(key.kind(), reader.high(), reader.low(), prefix(key.value()));
    }

    /** Of 128 bits. */
    private static int prefix(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            return 128;
        }
        int length = Integer.parseInt(text, slash + 1, text.length(), 10);
        return text.indexOf('.') >= 0 ? length + AddressReader.V4_PREFIX : length;
    }

    private long backwards(IndicatorKey key) {
        long state = fingerprints.start();
        for (int index = key.value().length() - 1; index >= 0; index--) {
            state = Fingerprints.step(state, key.value().charAt(index));
        }
        return Fingerprints.finish(state, key.kind());
    }

    private long forwards(IndicatorKey key) {
        long state = fingerprints.start();
        for (int index = 0; index < key.value().length(); index++) {
            state = Fingerprints.step(state, key.value().charAt(index));
        }
        return Fingerprints.finish(state, key.kind());
    }

    /** True when there may be keys of one of the kinds. */
    boolean hasAny(int kindBits) {
        return (kinds & kindBits) != 0;
    }

    boolean has(IndicatorKind kind, long fingerprint) {
        return tables[kind.code()].contains(fingerprint);
    }

    Fingerprints fingerprints() {
        return fingerprints;
    }

    long lowLengths() {
        return lowLengths;
    }

    long highLengths() {
        return highLengths;
    }

    /** Keys with different fingerprints. */
    public int size() {
        return Arrays.stream(tables).mapToInt(FingerprintTable::size).sum();
    }

    /** What the fingerprints take in memory. */
    public long bytes() {
        return Arrays.stream(tables).mapToLong(FingerprintTable::bytes).sum();
    }
}
