package dev.yagura.detection.rule;

import java.time.Instant;

/**
 * An imported pack, without its archive.
 *
 * @param archiveHash SHA-256, hexadecimal
 * @param defaultState of rules that nobody deployed otherwise
 */
record ImportedPack(
        String name,
        String archiveHash,
        DeploymentState defaultState,
        Instant importTime,
        String importer) {}
