package dev.yagura.detection.rule;

import dev.yagura.common.error.InvalidFieldException;
import dev.yagura.common.error.NotFoundException;
import dev.yagura.common.error.PreconditionFailedException;
import dev.yagura.common.identity.Principal;
import dev.yagura.proto.detection.v1.DeleteRulePackRequest;
import dev.yagura.proto.detection.v1.ImportRulePackHeader;
import dev.yagura.sigma.pack.Rule;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** What people decide about packs. */
@ApplicationScoped
class RulePackEditor {
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,62}");

    private final RuleStore store;
    private final RuleCatalog catalog;
    private final RuleMappings mappings;
    private final RuleEditor editor;

    @Inject
    RulePackEditor(RuleStore store, RuleCatalog catalog, RuleMappings mappings, RuleEditor editor) {
        this.store = store;
        this.catalog = catalog;
        this.mappings = mappings;
        this.editor = editor;
    }

    /**
     * What came of an archive.
     *
     * @param rules linked to those of all other packs
     */
    record Import(ImportedPack pack, PackContent content, List<Rule> rules, RuleArchive archive) {
        Import {
            rules = List.copyOf(rules);
        }
    }

    /** Stores the archive as a pack, or in place of the imported pack of that name. */
    Import importPack(ImportRulePackHeader header, byte[] archive, Principal caller) {
        RuleEditor.requireWholeInstallation(caller);
        checkName(header.getPack());
        Optional<DeploymentState> wanted =
                RuleProtos.deploymentState("header.default_state", header.getDefaultState());
        RuleArchive read = read(header.getPack(), archive);
        if (read.pack().files().isEmpty()) {
            throw new InvalidFieldException(
                    "chunk", "holds no *.yml or *.yaml file", "send an archive of Sigma rules");
        }
        Instant now = editor.now();
        String hash = sha256(archive);
        ImportedPack pack =
                new ImportedPack(
                        header.getPack(),
                        hash,
                        wanted.orElseGet(() -> defaultState(header.getPack())),
                        now,
                        caller.id());
        PackContent content =
                new PackContent(
                        PackContent.Kind.IMPORTED,
                        pack.defaultState(),
                        mappings.loader().parse(read.pack()),
                        "");
        List<Rule> rules =
                catalog.book().trial(content, Map.of(), mappings).rules(header.getPack()).stream()
                        .sorted(Comparator.comparing(Rule::sourcePath))
                        .toList();
        if (!header.getValidateOnly()) {
            store.change(
                    editor.request(
                            header.getRequestId(),
                            // The archive is a part of what is asked for.
                            header.toBuilder().setPack(header.getPack() + '\n' + hash).build(),
                            caller),
                    edits -> {
                        edits.put(pack, archive);
                        return RuleNames.ofPack(pack.name());
                    });
        }
        return new Import(pack, content, rules, read);
    }

    void delete(DeleteRulePackRequest request, Principal caller) {
        RuleEditor.requireWholeInstallation(caller);
        String name = RuleNames.pack("name", request.getName());
        PackContent content = catalog.book().packs().get(name);
        if (content != null && content.kind() != PackContent.Kind.IMPORTED) {
            throw new PreconditionFailedException(
                    request.getName(), "was not imported; only imported packs can be deleted");
        }
        store.change(
                editor.request(request.getRequestId(), request, caller),
                edits -> {
                    if (edits.pack(name).isEmpty()) {
                        throw new NotFoundException("pack", request.getName());
                    }
                    edits.deletePack(name);
                    return request.getName();
                });
    }

    private void checkName(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new InvalidFieldException(
                    "header.pack",
                    name.isEmpty() ? "is empty" : "is no name of a pack",
                    "send 1 to 63 lower-case letters, digits, '-', '_' and '.', the first a letter"
                            + " or digit");
        }
        PackContent taken = catalog.book().packs().get(name);
        if (taken != null && taken.kind() != PackContent.Kind.IMPORTED) {
            throw new PreconditionFailedException(
                    RuleNames.ofPack(name), "is no imported pack; choose another name");
        }
    }

    private DeploymentState defaultState(String pack) {
        return catalog.book()
                .imported(pack)
                .map(ImportedPack::defaultState)
                .orElse(DeploymentState.SHADOW);
    }

    private static RuleArchive read(String pack, byte[] archive) {
        try {
            return RuleArchive.read(pack, archive);
        } catch (RuleArchive.UnusableArchiveException e) {
            throw new InvalidFieldException(
                    "chunk", String.valueOf(e.getMessage()), "send a zip archive of Sigma rules");
        }
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
