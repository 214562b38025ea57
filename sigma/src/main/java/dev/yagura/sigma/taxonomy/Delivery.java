package dev.yagura.sigma.taxonomy;

import dev.yagura.sigma.LogSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One sensor's events of a log source, as the tables have it. An empty part stands for any.
 *
 * @param sensor as in Event.source; empty where any will do
 * @param os of the device: "linux", "windows"; empty where it does not matter
 * @param channels without regard to case
 * @param perRecord whether rules look at one raw record at a time
 * @param places of fields by Sigma's names; fields that are under their own names are not here
 * @param added whether only a table of the installation says so
 */
public record Delivery(
        LogSource logSource,
        String sensor,
        String os,
        List<Integer> classes,
        List<Integer> activities,
        List<String> channels,
        List<String> eventIds,
        boolean perRecord,
        Map<String, String> places,
        boolean added) {
    public Delivery {
        classes = List.copyOf(classes);
        activities = List.copyOf(activities);
        channels = List.copyOf(channels);
        eventIds = List.copyOf(eventIds);
        places = Map.copyOf(places);
    }

    /** One for each sensor; JSON objects that do not say their source come in no log. */
    static List<Delivery> of(
            LogSource logSource,
            MappingTable table,
            EventFilter filter,
            Map<String, List<String>> fields,
            boolean added) {
        List<String> sensors =
                filter.sources().isEmpty()
                        ? List.of("")
                        : filter.sources().stream()
                                .filter(name -> !name.isEmpty())
                                .sorted()
                                .toList();
        return sensors.stream()
                .map(sensor ->
                        new Delivery(
                                logSource,
                                sensor,
                                filter.systems().stream().sorted().findFirst().orElse(""),
                                filter.classes().stream().sorted().toList(),
                                filter.activities().stream().sorted().toList(),
                                filter.channels(),
                                filter.eventIds().stream()
                                        .sorted(
                                                Comparator.comparingInt(String::length)
                                                        .thenComparing(Comparator.naturalOrder()))
                                        .toList(),
                                table.perRecord(),
                                places(fields, table.perRecord()),
                                added))
                .toList();
    }

    private static Map<String, String> places(Map<String, List<String>> fields, boolean perRecord) {
        Map<String, String> places = new TreeMap<>();
        fields.forEach((field, all) -> {
            String first = all.getFirst();
            if (!first.equals(Places.UNMAPPED + field)
                    && first.startsWith(Places.RECORD) == perRecord) {
                places.put(field, first);
            }
        });
        return places;
    }
}
