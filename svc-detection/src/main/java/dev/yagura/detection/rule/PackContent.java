package dev.yagura.detection.rule;

import dev.yagura.sigma.pack.ParsedPack;

/**
 * A pack as it was read last.
 *
 * @param defaultState of rules that nobody deployed otherwise
 * @param problem why it could not be read anew; empty when it was
 */
record PackContent(Kind kind, DeploymentState defaultState, ParsedPack documents, String problem) {
    enum Kind {
        BUILT_IN,
        FOLDER,
        CUSTOM,
        IMPORTED
    }

    String name() {
        return documents.name();
    }

    PackContent withDefault(DeploymentState state) {
        return new PackContent(kind, state, documents, problem);
    }

    PackContent withProblem(String text) {
        return new PackContent(kind, defaultState, documents, text);
    }

    PackContent with(ParsedPack other) {
        return new PackContent(kind, defaultState, other, problem);
    }
}
