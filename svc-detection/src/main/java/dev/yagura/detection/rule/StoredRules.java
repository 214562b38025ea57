package dev.yagura.detection.rule;

import java.util.List;
import java.util.Map;

/**
 * All that the store has of rules.
 *
 * @param generation the rest is as of it, or newer
 * @param deployments by the names of rules
 */
record StoredRules(
        long generation,
        List<CustomRule> customRules,
        List<ImportedPack> packs,
        Map<String, Deployment> deployments,
        List<StoredException> exceptions) {
    StoredRules {
        customRules = List.copyOf(customRules);
        packs = List.copyOf(packs);
        deployments = Map.copyOf(deployments);
        exceptions = List.copyOf(exceptions);
    }
}
