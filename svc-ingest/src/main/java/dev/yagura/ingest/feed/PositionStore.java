package dev.yagura.ingest.feed;

import java.util.List;

/** Where consumers' positions are kept. */
interface PositionStore {

    /** Replaces the positions of these consumers and partitions, all or none. */
    void save(List<ConsumerPosition> positions);

    List<ConsumerPosition> all();
}
