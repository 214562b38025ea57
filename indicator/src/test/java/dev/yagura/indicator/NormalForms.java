package dev.yagura.indicator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.proto.telemetry.v1.Event;
import dev.yagura.proto.telemetry.v1.File;
import dev.yagura.proto.telemetry.v1.Process;

/** What holds for every value that an import lets in. */
final class NormalForms {
    private NormalForms() {}

    /**
     * A value in its normal form is read as itself, and can be looked for: in the index, and in
     * events that hold it.
     */
    static void check(CollectedEntries found) throws Exception {
        IndicatorIndex index = new IndicatorIndex();
        EventScanner scanner = new EventScanner((field, value, key) -> {});
        for (IndicatorEntry entry : found.entries) {
            IndicatorKey key = entry.key();
            assertThat(IndicatorKey.parse(key.kind(), key.value())).isEqualTo(key);
            index.add(key);
            scanner.scan(
                    index,
                    Event.newBuilder()
                            .setProcess(Process.newBuilder().setCmdLine(key.value()))
                            .setFile(File.newBuilder().setPath(key.value()))
                            .build(),
                    name -> null);
        }
    }
}
