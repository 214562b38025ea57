package dev.yagura.inventory.reconcile;

import dev.yagura.inventory.asset.Observation;
import dev.yagura.proto.type.v1.Scope;
import java.util.List;
import java.util.Optional;

/** Where instances are read from. Calls have a deadline; what fails throws. */
interface InstanceSource {

    /**
     * A page of all instances.
     *
     * @param next token of the next page; empty after the last
     */
    record Page(List<Observation> instances, Optional<String> next) {
        public Page {
            instances = List.copyOf(instances);
        }
    }

    /** The first page for no token, else the one that the token names. */
    Page page(Scope scope, Optional<String> token);

    /** Those of the instances that exist, at most 200 a call. */
    List<Observation> look(Scope scope, List<String> instanceIds);
}
