package dev.yagura.detection.rule;

import dev.yagura.common.log.LogKeys;
import dev.yagura.sigma.pack.ParsedPack;
import dev.yagura.sigma.pack.RuleLoader;
import dev.yagura.sigma.pack.RulePackReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A folder of the configuration, read again when a name, size or time of its files has changed. */
final class RuleFolder {
    private static final Logger LOG = LoggerFactory.getLogger(RuleFolder.class);

    private final Path folder;
    private final RuleLoader loader;
    private long signature;
    private PackContent content;

    /**
     * Reads it for the first time.
     *
     * @throws IllegalArgumentException when it cannot be read; the text is for whoever named it
     */
    RuleFolder(Path folder, RuleLoader loader) {
        this.folder = folder;
        this.loader = loader;
        // Before the files: what changes while they are read is read again.
        this.signature = signature();
        this.content = read();
    }

    PackContent content() {
        return content;
    }

    boolean hasChanged() {
        return signature() != signature;
    }

    /** What is there now; what was there before when it cannot be read. */
    PackContent refresh() {
        long now = signature();
        if (now == signature) {
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
        ParsedPack pack = loader.parse(RulePackReader.folder(folder));
        return new PackContent(PackContent.Kind.FOLDER, DeploymentState.ALERTING, pack, "");
    }

    /** The same as long as no name, size or time changes; cheap, since it is asked every second. */
    private long signature() {
        LongAdder sum = new LongAdder();
        try {
            Files.walkFileTree(
                    folder,
                    new SimpleFileVisitor<>() {
                        @Override
                        public FileVisitResult visitFile(Path file, BasicFileAttributes found) {
                            sum.add(
                                    mixed(
                                            file.toString().hashCode(),
                                            found.size(),
                                            found.lastModifiedTime().to(TimeUnit.NANOSECONDS)));
                            return FileVisitResult.CONTINUE;
                        }

                        @Override
                        public FileVisitResult visitFileFailed(Path file, IOException error) {
                            sum.add(mixed(file.toString().hashCode(), -1, -1));
                            return FileVisitResult.CONTINUE;
                        }
                    });
        } catch (IOException e) {
            return mixed(-1, -1, -1);
        }
        return sum.sum();
    }

    /** Steps of SplitMix64, so that changes of two files do not cancel out. */
    private static long mixed(long... values) {
        long hash = 0;
        for (long value : values) {
            hash += value + 0x9E3779B97F4A7C15L;
            hash = (hash ^ (hash >>> 30)) * 0xBF58476D1CE4E5B9L;
            hash = (hash ^ (hash >>> 27)) * 0x94D049BB133111EBL;
            hash ^= hash >>> 31;
        }
        return hash;
    }
}
