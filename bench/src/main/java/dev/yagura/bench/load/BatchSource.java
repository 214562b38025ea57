package dev.yagura.bench.load;

/**
 * A spool without a disk: the same sequence number gives the same bytes however often it is asked
 * for, so that a batch can be sent again after any fault.
 */
@FunctionalInterface
public interface BatchSource {
    /**
     * The batch with this number.
     *
     * @param sequence from 1
     */
    Batch batch(long sequence);
}
