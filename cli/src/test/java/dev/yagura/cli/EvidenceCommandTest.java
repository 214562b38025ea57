package dev.yagura.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.BindableService;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** yagura evidence. */
class EvidenceCommandTest extends CommandTest {
    private final CannedEvidence evidence = new CannedEvidence();

    @Override
    List<BindableService> services() {
        return List.of(evidence);
    }

    @Test
    void exportsEvidenceThatVerifiesWithoutTheService() throws Exception {
        assertThat(run("evidence", "head")).isZero();
        String head = out.strip();
        assertThat(run("evidence", "verify", "--expect-head", head)).isZero();
        assertThat(out).contains("4 records verified").contains("head " + head);

        assertThat(run("evidence", "export")).isZero();

        assertThat(out.lines()).hasSize(4);
        assertThat(err).contains("head " + head);
        Path file = Files.writeString(folder.resolve("evidence.jsonl"), out);
        stopGateway();
        assertThat(run("evidence", "verify", file.toString(), "--expect-head", head)).isZero();
    }

    @Test
    void exportsOneActionInAChainThatCanBeFollowed() throws Exception {
        assertThat(run("evidence", "export", "--action", "actions/a-2")).isZero();

        assertThat(out).contains("\"recordHash\"").doesNotContain("actions/a-1");
        assertThat(err).contains("the content of 3 of them is withheld");
        Path file = Files.writeString(folder.resolve("evidence.jsonl"), out);
        assertThat(run("evidence", "verify", file.toString())).isZero();
    }

    @Test
    void exportsOneRunLikewise() throws Exception {
        assertThat(run("evidence", "export", "--run", CannedEvidence.RUN)).isZero();

        assertThat(out).contains("RUN_STARTED").doesNotContain("actions/a-1");
        assertThat(err).contains("the content of 3 of them is withheld");
        Path file = Files.writeString(folder.resolve("evidence.jsonl"), out);
        assertThat(run("evidence", "verify", file.toString())).isZero();

        evidence.change(3, each -> each.setPlaybookRun("playbookRuns/r-2"));
        assertThat(run("evidence", "verify")).isEqualTo(1);
        assertThat(err)
                .contains("record 4 (playbookRuns/r-2) is filed under playbookRuns/r-2")
                .contains("it is about " + CannedEvidence.RUN);
    }

    @Test
    void namesTheRecordThatAServiceShowsOtherwiseThanItWas() {
        evidence.change(1, each -> each.setRecord(each.getRecord().replace("beacon", "tests")));
        assertThat(run("evidence", "verify")).isEqualTo(1);
        assertThat(err).contains("record 2 (actions/a-2, requested) was altered");
        assertThat(run("evidence", "export")).isEqualTo(1);

        evidence.change(0, each -> each.setAction("actions/a-3"));
        assertThat(run("evidence", "verify")).isEqualTo(1);
        assertThat(err).contains("record 1 (actions/a-3) is filed under actions/a-3");

        evidence.change(0, each -> each.clearRecord());
        assertThat(run("evidence", "verify")).isEqualTo(1);
        assertThat(err).contains("record 1").contains("without its content");

        assertThat(run("evidence", "verify", "--expect-head", "4")).isEqualTo(2);
        assertThat(err).contains("--expect-head: expected NUMBER:HASH");
    }
}
