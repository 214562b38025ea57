package dev.yagura.response.identity;

import dev.yagura.common.config.Settings;
import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.response.action.Procedure;
import dev.yagura.response.aws.DenyPolicy;
import dev.yagura.response.aws.ScopedClients;
import dev.yagura.response.aws.WatchedEffectProcedure;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;

/** The procedures of actions on IAM; they share their clients. */
@ApplicationScoped
public class IdentityProcedures {
    private final ScopedClients<IdentityCloud> clients;
    private final Clock clock;

    @Inject
    IdentityProcedures(Settings settings, Clock clock) {
        this.clients = ScopedClients.of(settings, IdentityCloud::open);
        this.clock = clock;
    }

    @PreDestroy
    void close() {
        clients.close();
    }

    @Produces
    @Singleton
    Procedure disableAccessKey() {
        return new WatchedEffectProcedure<>(
                ActionKind.ACTION_KIND_DISABLE_ACCESS_KEY,
                clients,
                clock,
                (cloud, target, now) ->
                        AccessKeyPlan.of(
                                AccessKeySurvey.take(
                                        cloud.iam(), target.getAccessKeyId(), Platform.of(cloud)),
                                target,
                                now),
                AccessKeyDisabling::new);
    }

    @Produces
    @Singleton
    Procedure revokeRoleSessions() {
        return denying(ActionKind.ACTION_KIND_REVOKE_ROLE_SESSIONS, new SessionRevocation());
    }

    @Produces
    @Singleton
    Procedure denyPrincipal() {
        return denying(ActionKind.ACTION_KIND_DENY_PRINCIPAL, new PrincipalDenial());
    }

    private Procedure denying(ActionKind kind, Denial denial) {
        return new WatchedEffectProcedure<>(
                kind,
                clients,
                clock,
                (cloud, target, now) ->
                        DenialPlan.of(
                                denial,
                                PrincipalSurvey.take(
                                        cloud,
                                        denial.principal(target),
                                        target.getScope().getRegion()),
                                target,
                                DenyPolicy.name(denial.prefix(), Action.getDefaultInstance()),
                                now),
                (cloud, run, time) -> new DenyPlacement(denial, cloud, run, time));
    }
}
