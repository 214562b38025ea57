package dev.yagura.detection.rule;

import java.util.Optional;
import java.util.UUID;

/** What a change of rules may do, within its transaction. */
interface RuleEdits {
    Optional<CustomRule> customRule(String id);

    void put(CustomRule rule);

    /** With deployment, exceptions and statistics of the rule. */
    void deleteCustomRule(String id);

    Optional<Deployment> deployment(String ruleName);

    void put(String ruleName, Deployment deployment);

    int countExceptions(String ruleName);

    boolean hasException(String ruleName, UUID id);

    void insert(StoredException exception);

    void deleteException(UUID id);

    Optional<ImportedPack> pack(String name);

    void put(ImportedPack pack, byte[] archive);

    /** With deployments, exceptions and statistics of its rules. */
    void deletePack(String name);
}
