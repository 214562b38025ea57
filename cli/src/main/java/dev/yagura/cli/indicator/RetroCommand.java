package dev.yagura.cli.indicator;

import dev.yagura.cli.connection.Connection;
import dev.yagura.cli.output.Output;
import dev.yagura.cli.output.Texts;
import dev.yagura.proto.detection.v1.IndicatorServiceGrpc;
import dev.yagura.proto.detection.v1.RetroMatchRequest;
import dev.yagura.proto.detection.v1.RetroMatchResponse;
import java.util.Iterator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** `yagura indicators retro`. */
@Command(
        name = "retro",
        description = "Looks for a list, or one indicator, in what the log still keeps.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Examples:",
            "  yagura indicators retro abuse-feed",
            "  yagura indicators retro indicatorLists/abuse-feed/indicators/…"
        })
final class RetroCommand implements Runnable {
    @Mixin private Connection connection = new Connection();
    @Mixin private Output output = new Output();

    @Parameters(paramLabel = "LIST|NAME", description = "A list, or an indicator.")
    private String target = "";

    @Override
    public void run() {
        RetroMatchResponse last =
                connection.call(channel -> {
                    Iterator<RetroMatchResponse> told =
                            IndicatorServiceGrpc.newBlockingStub(channel)
                                    .retroMatch(
                                            RetroMatchRequest.newBuilder()
                                                    .setTarget(IndicatorsCommand.listName(target))
                                                    .build());
                    RetroMatchResponse newest = RetroMatchResponse.getDefaultInstance();
                    int done = -1;
                    while (told.hasNext()) {
                        newest = told.next();
                        if (output.isJson()) {
                            output.json(newest);
                            output.flush();
                        } else if (newest.getPartitionsDone() > done) {
                            done = newest.getPartitionsDone();
                            output.line(progress(newest));
                            output.flush();
                        }
                    }
                    return newest;
                });
        output.line(
                "done: %d events from %s on, %d matches, %d of them new"
                        .formatted(
                                last.getEventsRead(),
                                Texts.time(last.getOldestEventTime()),
                                last.getMatches(),
                                last.getNewMatches()));
        output.flush();
    }

    private static String progress(RetroMatchResponse told) {
        return "%d of %d partitions, %d events, %d matches, %d new"
                .formatted(
                        told.getPartitionsDone(),
                        told.getPartitions(),
                        told.getEventsRead(),
                        told.getMatches(),
                        told.getNewMatches());
    }
}
