package dev.yagura.bench.platform;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The working tree that this program was built in.
 *
 * @param root has the launcher
 */
public record Repository(Path root) {

    /**
     * Found from where these classes were loaded, so it does not depend on the current folder.
     *
     * @throws IllegalStateException the classes are not inside a working tree
     */
    public static Repository locate() {
        Path classes;
        try {
            classes =
                    Path.of(
                            Repository.class
                                    .getProtectionDomain()
                                    .getCodeSource()
                                    .getLocation()
                                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException("these classes are not in a file system", e);
        }
        for (Path folder = classes; folder != null; folder = folder.getParent()) {
            if (Files.isExecutable(folder.resolve("yagura"))
                    && Files.exists(folder.resolve("mvnw"))) {
                return new Repository(folder);
            }
        }
        throw new IllegalStateException(
                classes + " is in no working tree of Yagura: run the bench with ./yagura bench");
    }

    Path launcher() {
        return root.resolve("yagura");
    }

    /** Abbreviated commit, with "+ changes" when files differ from it; "unknown" without git. */
    public String commit() {
        String commit = git("rev-parse", "--short=12", "HEAD");
        if (commit.isEmpty()) {
            return "unknown";
        }
        return git("status", "--porcelain", "--untracked-files=no").isEmpty()
                ? commit
                : commit + " + changes";
    }

    private String git(String... arguments) {
        List<String> command = new ArrayList<>(List.of("git"));
        command.addAll(List.of(arguments));
        try {
            Process git =
                    new ProcessBuilder(command)
                            .directory(root.toFile())
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start();
            String output = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return git.waitFor(10, TimeUnit.SECONDS) && git.exitValue() == 0 ? output.strip() : "";
        } catch (IOException e) {
            return "";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        }
    }
}
