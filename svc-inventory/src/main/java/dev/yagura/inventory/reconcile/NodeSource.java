package dev.yagura.inventory.reconcile;

import dev.yagura.proto.type.v1.Scope;
import java.util.List;

/** Where it is read from which instances Systems Manager manages. What fails throws. */
interface NodeSource {
    /** All of them. */
    List<ManagedNode> nodes(Scope scope);
}
