package dev.yagura.inventory.change;

import dev.yagura.inventory.access.Scopes;
import dev.yagura.proto.type.v1.Scope;

/**
 * A queue of SQS.
 *
 * @param scope account and region that it is in, whose role reads it
 */
record ChangeQueue(Scope scope, String url) {

    String name() {
        return url.substring(url.lastIndexOf('/') + 1);
    }

    /** "partition:account:region name". */
    String text() {
        return Scopes.text(scope) + " " + name();
    }
}
