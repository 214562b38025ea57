package dev.yagura.inventory.posture;

import dev.yagura.common.config.InvalidSettingException;
import dev.yagura.common.config.Settings;
import dev.yagura.common.yaml.SourceProblem;
import dev.yagura.inventory.reconcile.ReadingConfig;
import dev.yagura.proto.inventory.v1.PosturePolicy;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Section "posture".
 *
 * @param policy that hosts and accounts are judged by
 * @param staleAfter what was read from AWS longer ago is not known any more: as long as five
 *     readings of AWS Config take turns
 * @param interval between the begins of two rounds that judge all hosts
 * @param patchAge what Patch Manager found longer ago is not known any more
 */
record PostureConfig(
        PosturePolicy policy, Duration staleAfter, Duration interval, Duration patchAge) {
    private static final String KEY = "policy-file";
    private static final String STANDARD = "/posture/standard.yaml";
    private static final Duration MIN_STALE = Duration.ofMinutes(15);

    /** AWS Config is read at a fifth of the rate of the instances. */
    private static final int INTERVALS = 25;

    /** Rounds that may be missing before what was judged is not believed any more. */
    private static final int ROUNDS = 3;

    static PostureConfig from(Settings settings) {
        Settings posture = settings.section("posture");
        Optional<String> file =
                posture.optionalText(
                        KEY,
                        "Policy in YAML that the posture of hosts is judged by; empty is the"
                                + " standard one of docs/reference/posture.md.");
        Duration patchAge =
                posture.duration(
                        "patch-age",
                        Duration.ofDays(7),
                        "How long what Patch Manager found on an instance counts; after that its"
                                + " patches are unknown.");
        Duration readings = ReadingConfig.from(settings).interval().multipliedBy(INTERVALS);
        Duration interval =
                posture.duration(
                        "interval",
                        Duration.ofMinutes(1),
                        "How often all hosts are judged to keep what their posture was;"
                                + " a round that takes longer is followed by the next at"
                                + " once.");
        return new PostureConfig(policy(file), longer(readings, MIN_STALE), interval, patchAge);
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    /** How long before a moment hosts may have been judged, to know what they were then. */
    Duration believed() {
        return longer(staleAfter, interval.multipliedBy(ROUNDS));
    }

    private static PosturePolicy policy(Optional<String> file) {
        String source = file.map(PostureConfig::read).orElseGet(PostureConfig::standard);
        PolicySource read = PolicySource.read(source);
        if (!read.problems().isEmpty()) {
            throw refused(SourceProblem.text(read.problems()));
        }
        return read.policy();
    }

    private static String read(String file) {
        try {
            return Files.readString(Path.of(file));
        } catch (IOException e) {
            throw refused("cannot be read: " + e);
        }
    }

    static String standard() {
        try (InputStream in =
                Objects.requireNonNull(PostureConfig.class.getResourceAsStream(STANDARD))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static InvalidSettingException refused(String problem) {
        return new InvalidSettingException("yagura.inventory.posture." + KEY, problem);
    }

    /** Ids of all checks that a policy may name. */
    static List<String> checks() {
        return Stream.concat(HostChecks.ALL.stream().map(HostCheck::id), AccountChecks.IDS.stream())
                .toList();
    }
}
