package dev.yagura.inventory.reconcile;

import dev.yagura.proto.type.v1.Scope;
import java.util.List;
import java.util.Map;

/** Where it is read from which instances Systems Manager manages. What fails throws. */
interface NodeSource {
    /** All of them, by instance id. */
    Map<String, ManagedNode> nodes(Scope scope);

    /** What Patch Manager found on instances; without those that it never looked at. */
    List<PatchState> patches(Scope scope, List<String> instanceIds);
}
