package dev.yagura.common.watch;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The newest changes of a feed, without gaps, in memory of fixed size. Not thread-safe. */
final class ChangeRing {
    private final @Nullable Change[] slots;
    private long first;
    private long head;

    ChangeRing(int capacity) {
        this.slots = new Change[capacity];
        reset(0);
    }

    /** Highest number seen. */
    long head() {
        return head;
    }

    /** Forgets all; the next number is one above. */
    void reset(long newHead) {
        java.util.Arrays.fill(slots, null);
        head = newHead;
        first = newHead + 1;
    }

    /** Adds the next change; a number above the next one starts the ring anew. */
    void add(Change change) {
        if (change.number() != head + 1) {
            reset(change.number() - 1);
        }
        slots[slot(change.number())] = change;
        head = change.number();
        first = Math.max(first, head - slots.length + 1);
    }

    /** True when everything above the number is here. */
    boolean covers(long after) {
        return after >= first - 1;
    }

    /** At most {@code limit} changes above the number, which the ring must cover. */
    List<Change> after(long after, int limit) {
        List<Change> page = new ArrayList<>();
        long last = Math.min(head, after + limit);
        for (long number = after + 1; number <= last; number++) {
            Change change = slots[slot(number)];
            if (change == null) {
                throw new IllegalStateException("the ring has no change " + number);
            }
            page.add(change);
        }
        return page;
    }

    private int slot(long number) {
        return (int) (number % slots.length);
    }
}
