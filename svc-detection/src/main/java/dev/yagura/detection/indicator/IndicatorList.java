package dev.yagura.detection.indicator;

import java.time.Instant;
import java.util.UUID;

/**
 * A list as it is now.
 *
 * @param uid another one when the list was deleted and made again
 * @param format number of the contract's ImportFormat
 * @param version counts imports
 * @param revision counts every change
 */
record IndicatorList(
        String id,
        UUID uid,
        String title,
        int format,
        long version,
        long revision,
        long count,
        String contentSha256,
        String importer,
        Instant createTime,
        Instant importTime) {

    static final String COLLECTION = "indicatorLists";

    String name() {
        return COLLECTION + "/" + id;
    }
}
