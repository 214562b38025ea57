package dev.yagura.detection.feed;

import dev.yagura.proto.type.v1.Scope;
import java.util.UUID;

/** A host's process table as it is stored. */
record HostTable(UUID hostId, Scope scope, byte[] body) {}
