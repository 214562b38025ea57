package dev.yagura.sandbox.control;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** AWS Config's aggregator of all accounts and regions, in one of them. */
public final class AggregatorClient {
    private static final String PATH = "aggregators/";

    private final ControlCalls calls;
    private final String name;

    AggregatorClient(ControlCalls calls, String name) {
        this.calls = calls;
        this.name = name;
    }

    /** It is there from now on, in the account and region that is asked, and nowhere else. */
    public void create() {
        change(null);
    }

    /** It knows everything so much later than the accounts do. */
    public void lagBy(Duration lag) {
        change(lag);
    }

    /**
     * How data come to it from an account and region: what has come stays.
     *
     * @param status {@code SUCCEEDED}, {@code FAILED}, {@code OUTDATED}, or {@code ABSENT}: it is
     *     no source, and nothing of it is there
     */
    public void source(String account, String region, String status) {
        calls.call(
                "PUT",
                PATH + "sources/%s/%s".formatted(account, region),
                new Requests.ChangeSource(status));
    }

    private void change(@Nullable Duration lag) {
        calls.call("PUT", PATH + name, new Requests.ChangeAggregator(lag));
    }
}
