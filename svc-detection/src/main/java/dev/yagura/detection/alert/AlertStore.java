package dev.yagura.detection.alert;

import dev.yagura.common.paging.PageKey;
import dev.yagura.proto.detection.v1.Alert;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Reads of alerts. */
interface AlertStore {

    /** An alert with its place in a list. */
    record Row(Instant createTime, UUID id, Alert alert) {}

    /**
     * Newest first.
     *
     * @param after time of creation and id of the last row before
     */
    List<Row> list(AlertQuery query, Optional<PageKey> after, int limit);

    /** Those of the ids that the query has. */
    Map<UUID, Alert> find(Collection<UUID> ids, AlertQuery query);
}
