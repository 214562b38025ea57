package dev.yagura.detection.canary;

import dev.yagura.proto.ingest.v1.Canary;
import dev.yagura.proto.ingest.v1.CanaryAppend;
import java.util.List;

/** Puts canaries into the event log. */
interface CanaryLog {

    /**
     * Into every partition.
     *
     * @return what became of it in each
     * @throws RuntimeException it is not known what became of it in any
     */
    List<CanaryAppend> append(Canary canary);
}
