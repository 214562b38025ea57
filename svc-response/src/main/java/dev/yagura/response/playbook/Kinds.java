package dev.yagura.response.playbook;

import dev.yagura.proto.response.v1.ActionKind;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** Kinds of actions as people write them: "isolate_instance". */
final class Kinds {
    private static final String PREFIX = "ACTION_KIND_";

    private Kinds() {}

    /** {@link ActionKind#ACTION_KIND_UNSPECIFIED} for none. */
    static ActionKind of(String name) {
        return Arrays.stream(ActionKind.values())
                .filter(kind -> word(kind).equals(name))
                .findFirst()
                .orElse(ActionKind.ACTION_KIND_UNSPECIFIED);
    }

    static String names() {
        return Arrays.stream(ActionKind.values())
                .filter(kind ->
                        kind != ActionKind.ACTION_KIND_UNSPECIFIED
                                && kind != ActionKind.UNRECOGNIZED)
                .map(Kinds::word)
                .collect(Collectors.joining(", "));
    }

    private static String word(ActionKind kind) {
        return kind.name().replace(PREFIX, "").toLowerCase(Locale.ROOT);
    }
}
