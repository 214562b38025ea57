package dev.yagura.sigma.pack;

import dev.yagura.sigma.SigmaParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.CharacterCodingException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads packs from the disk and from the jar. */
public final class RulePackReader {
    /** Name of the project's own pack. */
    public static final String OWN_PACK = "yagura";

    private static final String OWN_RULES = "/yagura-rules";
    private static final int MAX_FILES = 100_000;

    /** A character takes up to three bytes a UTF-16 unit. */
    private static final long MAX_FILE_BYTES = 3L * SigmaParser.MAX_FILE_LENGTH;

    private RulePackReader() {}

    /**
     * A folder as a pack.
     *
     * @throws IllegalArgumentException when there is no such folder, or it has too many files; the
     *     text is for whoever named it
     */
    public static RulePack folder(Path folder) {
        Path absolute = folder.toAbsolutePath().normalize();
        @Nullable Path last = absolute.getFileName();
        if (!Files.isDirectory(absolute) || !Files.isReadable(absolute)) {
            throw new IllegalArgumentException("'" + absolute + "' is no readable folder");
        }
        return folder(last == null ? "root" : last.toString(), absolute);
    }

    private static RulePack folder(String name, Path folder) {
        try (Stream<Path> paths = Files.walk(folder)) {
            List<Path> files =
                    paths.filter(path -> isRuleFile(folder, path))
                            .limit(MAX_FILES + 1L)
                            .sorted()
                            .toList();
            if (files.size() > MAX_FILES) {
                throw new IllegalArgumentException(
                        "'" + folder + "' has more than " + MAX_FILES + " rule files");
            }
            return new RulePack(name, files.stream().map(file -> file(folder, file)).toList());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the rules in " + folder, e);
        }
    }

    /** The project's own rules. */
    public static RulePack own() {
        URL location = RulePackReader.class.getResource(OWN_RULES);
        if (location == null) {
            throw new IllegalStateException("the project's own rules are not in the jar");
        }
        try {
            URI uri = location.toURI();
            if (uri.getScheme().equals("file")) {
                return folder(OWN_PACK, Path.of(uri));
            }
            try (FileSystem jar = FileSystems.newFileSystem(uri, Map.of())) {
                return folder(OWN_PACK, jar.getPath(OWN_RULES));
            }
        } catch (URISyntaxException e) {
            throw new IllegalStateException("the project's own rules are not where they were", e);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the project's own rules", e);
        }
    }

    private static boolean isRuleFile(Path folder, Path path) {
        return isRule(folder.relativize(path).toString().replace('\\', '/'))
                && Files.isRegularFile(path);
    }

    /**
     * Whether a file of a pack is to hold rules.
     *
     * @param path inside the pack, with "/"
     */
    public static boolean isRule(String path) {
        String name = path.toLowerCase(Locale.ROOT);
        return (name.endsWith(".yml") || name.endsWith(".yaml")) && !RegressionData.isOf(path);
    }

    private static RulePack.RuleFile file(Path folder, Path file) {
        String path = folder.relativize(file).toString().replace('\\', '/');
        try {
            if (Files.size(file) > MAX_FILE_BYTES) {
                return new RulePack.RuleFile(
                        path, "", "the file has more than " + MAX_FILE_BYTES + " bytes");
            }
            return new RulePack.RuleFile(path, Files.readString(file), "");
        } catch (CharacterCodingException e) {
            return new RulePack.RuleFile(path, "", "the file is not UTF-8");
        } catch (IOException e) {
            return new RulePack.RuleFile(path, "", "the file cannot be read: " + e);
        }
    }
}
