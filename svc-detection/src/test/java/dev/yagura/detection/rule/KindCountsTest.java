package dev.yagura.detection.rule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.proto.telemetry.v1.Device;
import dev.yagura.proto.telemetry.v1.Event;
import dev.yagura.sigma.taxonomy.EventKind;
import dev.yagura.sigma.taxonomy.SensorEvent;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

class KindCountsTest {
    private static final Device LINUX = Device.newBuilder().setOs("linux").build();
    private static final SensorEvent LAUNCH = event(1007);
    private static final SensorEvent WRITE = event(1001);

    private final KindCounts counts = new KindCounts();

    @Test
    void countsEachKindOnceWhateverTheThread() {
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            for (int thread = 0; thread < 4; thread++) {
                threads.execute(() -> {
                    for (int i = 0; i < 1_000; i++) {
                        counts.saw(LINUX, LAUNCH);
                        counts.saw(LINUX, WRITE);
                    }
                });
            }
        }
        counts.saw(LINUX, WRITE);
        assertThat(counts.drain())
                .isEqualTo(
                        Map.of(
                                EventKind.of(LINUX, LAUNCH), 4_000L,
                                EventKind.of(LINUX, WRITE), 4_001L));
        assertThat(counts.drain()).isEmpty();
    }

    @Test
    void remembersEventsOfEachKind() {
        counts.saw(LINUX, LAUNCH);
        counts.saw(LINUX, WRITE);
        assertThat(counts.samples(kind -> kind.classUid() == 1007))
                .containsExactly(new KindCounts.Sample(LINUX, LAUNCH.whole()));
        assertThat(counts.samples(kind -> kind.classUid() == 4001)).isEmpty();
    }

    private static SensorEvent event(int classUid) {
        return SensorEvent.of(Event.newBuilder().setClassUid(classUid).setActivityId(1).build());
    }
}
