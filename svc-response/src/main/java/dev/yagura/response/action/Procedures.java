package dev.yagura.response.action;

import dev.yagura.common.error.InvalidFieldException;
import dev.yagura.proto.response.v1.ActionKind;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The procedure of each kind. */
@ApplicationScoped
class Procedures {
    private final Map<ActionKind, Procedure> byKind;

    @Inject
    Procedures(@Any Instance<Procedure> procedures) {
        this(procedures.stream());
    }

    Procedures(Stream<Procedure> procedures) {
        this.byKind = procedures.collect(Collectors.toMap(Procedure::kind, Function.identity()));
    }

    /** Kinds whose actions are watched while they are in force. */
    Set<ActionKind> watched() {
        return byKind.values().stream()
                .filter(WatchedProcedure.class::isInstance)
                .map(Procedure::kind)
                .collect(Collectors.toSet());
    }

    Procedure of(ActionKind kind) {
        @Nullable Procedure procedure = byKind.get(kind);
        if (procedure == null) {
            throw new InvalidFieldException("kind", "is " + kind, "send one of " + byKind.keySet());
        }
        return procedure;
    }
}
