package dev.yagura.detection.rule;

import java.util.HashMap;
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

    /** With these decisions in place of those about the same rules. */
    StoredRules withDeployments(Map<String, Deployment> decided) {
        Map<String, Deployment> all = new HashMap<>(deployments);
        all.putAll(decided);
        return new StoredRules(generation, customRules, packs, all, exceptions);
    }
}
