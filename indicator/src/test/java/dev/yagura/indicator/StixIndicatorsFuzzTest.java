package dev.yagura.indicator;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.yagura.proto.detection.v1.Severity;
import java.io.ByteArrayInputStream;
import org.junit.jupiter.api.Timeout;

/** Any bytes as a STIX bundle: entries, objects told as left out, or one error for the file. */
class StixIndicatorsFuzzTest {
    @FuzzTest(maxDuration = "50s")
    @Timeout(20)
    void readsAnyFile(byte[] input) throws Exception {
        CollectedEntries found = new CollectedEntries();
        try {
            StixIndicators.read(
                    new ByteArrayInputStream(input),
                    new IndicatorEntry.Defaults(Severity.SEVERITY_HIGH, 50),
                    found);
        } catch (UnreadableImportException e) {
            NormalForms.check(found);
            return;
        }
        NormalForms.check(found);
    }
}
