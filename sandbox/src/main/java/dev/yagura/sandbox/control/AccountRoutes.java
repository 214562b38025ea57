package dev.yagura.sandbox.control;

import dev.yagura.sandbox.front.Sandbox;
import dev.yagura.sandbox.organization.Member;
import dev.yagura.sandbox.organization.Standing;
import dev.yagura.sandbox.seed.MemberSeed;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Accounts beside the first: what there is, one more, and how one stands. */
final class AccountRoutes {
    /** An account as the API shows it. */
    record AccountView(String id, String name, List<String> regions, String standing) {
        static AccountView of(Member member) {
            return new AccountView(
                    member.id(), member.name(), member.regions(), member.standing().name());
        }
    }

    private final Sandbox sandbox;

    AccountRoutes(Sandbox sandbox) {
        this.sandbox = sandbox;
    }

    List<Route> all() {
        return List.of(
                Route.of("GET", "accounts", request -> list()),
                Route.of("POST", "accounts/*", this::add),
                Route.of("PUT", "accounts/*", this::change));
    }

    private Object list() {
        return Map.of("accounts", sandbox.accounts().stream().map(AccountView::of).toList());
    }

    private Object add(ControlRequest request) {
        Requests.AddAccount wanted = request.as(Requests.AddAccount.class);
        String id = request.part(0);
        if (!id.matches("[0-9]{12}")) {
            throw new IllegalArgumentException("an account has twelve digits, not " + id);
        }
        sandbox.addAccount(
                MemberSeed.account(
                        sandbox.seed(),
                        id,
                        wanted.name() == null ? "account-" + id : wanted.name(),
                        wanted.regions(),
                        wanted.instances(),
                        null));
        return list();
    }

    private Object change(ControlRequest request) {
        String standing = request.as(Requests.ChangeAccount.class).standing();
        sandbox.changeAccount(request.part(0), Standing.valueOf(standing.toUpperCase(Locale.ROOT)));
        return list();
    }
}
