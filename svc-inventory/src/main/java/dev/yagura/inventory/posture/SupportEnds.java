package dev.yagura.inventory.posture;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/** Until when operating systems get security updates without a further contract. */
final class SupportEnds {
    private static final String FILE = "/posture/end-of-support.csv";

    private final List<Line> lines;

    /**
     * @param name how Systems Manager's platform name begins
     * @param version the version, or how it begins before a dot; empty for every one
     */
    private record Line(String name, String version, LocalDate end) {
        boolean matches(String platformName, String platformVersion) {
            return platformName.toLowerCase(Locale.ROOT).startsWith(name.toLowerCase(Locale.ROOT))
                    && (version.isEmpty()
                            || platformVersion.equals(version)
                            || platformVersion.startsWith(version + "."));
        }
    }

    private SupportEnds(List<Line> lines) {
        this.lines = lines;
    }

    /** The table that the service ships with. */
    static SupportEnds shipped() {
        try (InputStream file =
                        Objects.requireNonNull(SupportEnds.class.getResourceAsStream(FILE));
                BufferedReader reader =
                        new BufferedReader(new InputStreamReader(file, StandardCharsets.UTF_8))) {
            return new SupportEnds(
                    reader.lines()
                            .filter(line -> !line.isBlank() && !line.startsWith("#"))
                            .map(SupportEnds::line)
                            .sorted(
                                    Comparator.comparingInt((Line line) ->
                                                    line.name().length() + line.version().length())
                                            .reversed())
                            .toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Line line(String text) {
        String[] fields = text.split(",", -1);
        return new Line(fields[0], fields[1], LocalDate.parse(fields[2]));
    }

    /** The last day; empty for a system that is not in the table. */
    Optional<LocalDate> of(String platformName, String platformVersion) {
        return lines.stream()
                .filter(line -> line.matches(platformName, platformVersion))
                .map(Line::end)
                .findFirst();
    }
}
