package dev.yagura.sandbox.control;

import java.util.List;

/** One account of the sandbox, as whoever runs the organization. */
public final class AccountClient {
    private final ControlCalls calls;
    private final String path;

    AccountClient(ControlCalls calls, String id) {
        this.calls = calls;
        this.path = "accounts/" + id;
    }

    /**
     * It is there from now on.
     *
     * @param instances in each of its regions
     * @param regions those of the first account, if there are none
     */
    public void add(String name, int instances, String... regions) {
        calls.call(
                "POST",
                path,
                new Requests.AddAccount(
                        name, regions.length == 0 ? null : List.of(regions), instances));
    }

    /** Nobody gets in, and Organizations says so. */
    public void suspend() {
        stand("SUSPENDED");
    }

    /** Organizations does not list it any more. */
    public void leave() {
        stand("LEFT");
    }

    /** Nobody can assume a role of it any more; sessions that are open go on. */
    public void denyEntry() {
        stand("DENYING");
    }

    /** Every call with its credentials fails. */
    public void fail() {
        stand("FAILING");
    }

    /** It is an account like any other again. */
    public void restore() {
        stand("ACTIVE");
    }

    private void stand(String standing) {
        calls.call("PUT", path, new Requests.ChangeAccount(standing));
    }
}
