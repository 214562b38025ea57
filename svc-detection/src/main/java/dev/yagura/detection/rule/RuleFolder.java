package dev.yagura.detection.rule;

import dev.yagura.common.log.LogKeys;
import dev.yagura.sigma.pack.ContentHash;
import dev.yagura.sigma.pack.RuleLoader;
import dev.yagura.sigma.pack.RulePack;
import dev.yagura.sigma.pack.RulePackReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A folder of the configuration, read again when a name, size or time of its files has changed. */
final class RuleFolder {
    private static final Logger LOG = LoggerFactory.getLogger(RuleFolder.class);

    private final Path folder;
    private String signature;
    private PackContent content;

    /**
     * Reads it for the first time.
     *
     * @throws IllegalArgumentException when it cannot be read; the text is for whoever named it
     */
    RuleFolder(Path folder) {
        this.folder = folder;
        // Before the files: what changes while they are read is read again.
        this.signature = signature();
        this.content = read();
    }

    PackContent content() {
        return content;
    }

    boolean hasChanged() {
        return !signature().equals(signature);
    }

    /** What is there now; what was there before when it cannot be read. */
    PackContent refresh() {
        String now = signature();
        if (now.equals(signature)) {
            return content;
        }
        signature = now;
        try {
            content = read();
        } catch (IllegalArgumentException | UncheckedIOException e) {
            String problem = String.valueOf(e.getMessage());
            LOG.atError()
                    .addKeyValue(LogKeys.FILE, folder)
                    .addKeyValue(LogKeys.REASON, problem)
                    .log("a folder of rules cannot be read; its rules stay as they were");
            content = content.withProblem(problem);
        }
        return content;
    }

    private PackContent read() {
        RulePack pack = RulePackReader.folder(folder);
        return new PackContent(
                pack.name(),
                PackContent.Kind.FOLDER,
                DeploymentState.ALERTING,
                new RuleLoader().load(pack),
                "");
    }

    private String signature() {
        StringBuilder files = new StringBuilder();
        try {
            Files.walkFileTree(
                    folder,
                    new SimpleFileVisitor<>() {
                        @Override
                        public FileVisitResult visitFile(Path file, BasicFileAttributes found) {
                            files.append(file)
                                    .append('\n')
                                    .append(found.size())
                                    .append(' ')
                                    .append(found.lastModifiedTime().toInstant())
                                    .append('\n');
                            return FileVisitResult.CONTINUE;
                        }

                        @Override
                        public FileVisitResult visitFileFailed(Path file, IOException error) {
                            files.append(file).append(" ?\n");
                            return FileVisitResult.CONTINUE;
                        }
                    });
        } catch (IOException e) {
            return "unreadable: " + e.getMessage();
        }
        return ContentHash.of(files.toString());
    }
}
