package dev.yagura.indicator;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A set of fingerprints in one array, open addressing with linear probing, at most two thirds full:
 * 12 to 24 bytes each. One thread adds at a time; any number look up meanwhile without a lock, and
 * see an addition at once or a moment later.
 */
final class FingerprintTable {
    private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(long[].class);
    private static final int SMALLEST = 64;

    private volatile long[] slots = new long[SMALLEST];
    private int size;

    /**
     * Adds one.
     *
     * @param fingerprint not 0
     * @return false when it was there
     */
    synchronized boolean add(long fingerprint) {
        if (isFull(size + 1, slots.length)) {
            grow();
        }
        boolean added = put(slots, fingerprint);
        if (added) {
            size++;
        }
        return added;
    }

    boolean contains(long fingerprint) {
        long[] all = slots;
        int mask = all.length - 1;
        int index = (int) fingerprint & mask;
        while (true) {
            long there = (long) SLOT.getOpaque(all, index);
            if (there == fingerprint) {
                return true;
            }
            if (there == 0) {
                return false;
            }
            index = index + 1 & mask;
        }
    }

    synchronized int size() {
        return size;
    }

    long bytes() {
        return (long) slots.length * Long.BYTES;
    }

    private static boolean isFull(long size, int capacity) {
        return size * 3 > capacity * 2L;
    }

    private void grow() {
        long[] larger = new long[Math.multiplyExact(slots.length, 2)];
        for (long fingerprint : slots) {
            if (fingerprint != 0) {
                put(larger, fingerprint);
            }
        }
        slots = larger;
    }

    private static boolean put(long[] all, long fingerprint) {
        int mask = all.length - 1;
        int index = (int) fingerprint & mask;
        while (all[index] != 0) {
            if (all[index] == fingerprint) {
                return false;
            }
            index = index + 1 & mask;
        }
        SLOT.setOpaque(all, index, fingerprint);
        return true;
    }
}
