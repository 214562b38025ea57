package dev.yagura.inventory.software;

import dev.yagura.proto.type.v1.Scope;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Where it is read what is installed on an instance. What fails throws. */
interface SoftwareSource {
    /**
     * What is installed.
     *
     * @param known capture time of what is known; null where nothing is
     */
    SoftwareAnswer read(Scope scope, String instanceId, @Nullable Instant known);
}
