package dev.yagura.sigma.taxonomy;

import dev.yagura.sigma.LogSource;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * One log source as a file describes it.
 *
 * @param file it is in
 * @param line of its beginning, from 1
 * @param logSources those it is for; empty: a part that others include
 * @param events it has; an event of any of these kinds is of the log source
 * @param perRecord whether a selection looks at one raw record at a time
 * @param fields places by Sigma name, the first with a value counts
 * @param patterns names whose place is their own name
 * @param includes files of whose parts it has the fields too; "windows/*" are all tables there
 */
record MappingTable(
        String file,
        int line,
        List<LogSource> logSources,
        List<EventFilter> events,
        boolean perRecord,
        Map<String, List<String>> fields,
        List<Pattern> patterns,
        List<String> includes) {
    MappingTable {
        logSources = List.copyOf(logSources);
        events = List.copyOf(events);
        fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
        patterns = List.copyOf(patterns);
        includes = List.copyOf(includes);
    }
}
