package dev.yagura.response.function;

import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.FunctionState;
import dev.yagura.proto.response.v1.Plan;
import dev.yagura.proto.response.v1.VerificationLevel;
import dev.yagura.response.action.ActionFailedException;
import dev.yagura.response.action.ActionRun;
import dev.yagura.response.action.FunctionName;
import dev.yagura.response.action.RetryLaterException;
import dev.yagura.response.aws.CallHistory;
import dev.yagura.response.aws.Checks;
import dev.yagura.response.aws.WatchedEffect;
import dev.yagura.response.identity.DenyPlacement;
import dev.yagura.response.identity.DenyPlacement.Seen;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.lambda.LambdaClient;

/**
 * Cuts a function off, keeps it so, and gives back what was. Setting a concurrency that is there
 * already changes nothing, so whatever is not seen is set again.
 */
final class FunctionContainment implements WatchedEffect {
    private final FunctionCloud cloud;
    private final LambdaClient lambda;
    private final FunctionReader reader;
    private final ActionRun run;
    private final Clock clock;
    private final ActionTarget target;
    private final String name;

    FunctionContainment(FunctionCloud cloud, ActionRun run, Clock clock) {
        this.cloud = cloud;
        this.lambda = cloud.lambda();
        this.reader = new FunctionReader(lambda);
        this.run = run;
        this.clock = clock;
        this.target = run.action().getTarget();
        this.name = FunctionName.of(target.getFunction().getName());
    }

    @Override
    public void apply() {
        if (!run.action().hasFunctionState()) {
            prepare();
        }
        if (reader.function(name).isEmpty()) {
            throw new ActionFailedException(
                    "the function " + name + " was deleted meanwhile: nobody can invoke it");
        }
        if (!isCut()) {
            FunctionChange.cut(name).make(run, lambda);
        }
        deny().ifPresent(DenyPlacement::ensure);
        run.verifying("cut off; reading back");
        Seen cut = new Seen(isCut(), concurrency());
        settle(cut, deny().map(DenyPlacement::seen));
    }

    /** State first: nothing is changed before what was is written. */
    private void prepare() {
        FunctionSurvey survey = FunctionSurvey.take(cloud, target.getFunction());
        Plan plan = FunctionPlan.of(survey, target, run.action(), clock.instant());
        Checks.requireNoneRefused(plan.getChecksList());
        FunctionReader.LiveFunction function = survey.function();
        FunctionState.Builder state =
                FunctionState.newBuilder()
                        .setFunctionArn(function.arn())
                        .setRoleArn(function.roleArn())
                        .setCodeSha256(function.codeSha256())
                        .setRevisionId(function.revisionId())
                        .setLastModified(function.lastModified())
                        .setTimeoutSeconds((int) function.timeout().toSeconds());
        survey.reserved().ifPresent(state::setReservedConcurrency);
        run.prepared(
                plan,
                saving -> {
                    survey.denied(target.getFunction())
                            .ifPresent(
                                    role -> saving.setPrincipalDenyState(role.state(run.action())));
                    return saving.setFunctionState(state);
                });
    }

    @Override
    public void watch() {
        Optional<FunctionReader.LiveFunction> function = reader.function(name);
        if (function.isEmpty()) {
            watched(new Seen(true, "the function " + name + " was deleted meanwhile"));
            return;
        }
        run.drift(changes(function.get()));
        Seen cut = keepCut();
        Optional<Seen> denied = deny().map(DenyPlacement::keep);
        watched(both(cut, denied));
    }

    private Seen keepCut() {
        if (isCut()) {
            return new Seen(true, concurrency());
        }
        String problem = concurrency();
        if (run.isDoneOften()) {
            return new Seen(false, problem + ActionRun.LEFT);
        }
        run.drift(List.of(problem + " while contained; set to 0 again"));
        watched(new Seen(false, problem));
        FunctionChange.cut(name).make(run, lambda);
        return new Seen(isCut(), concurrency());
    }

    /** Role first: what is invoked from then on may again what it needs. */
    @Override
    public void undo() {
        if (!run.action().hasFunctionState()) {
            verified(new Seen(true, "nothing was changed"));
            return;
        }
        Optional<Seen> denied = deny().map(DenyPlacement::remove);
        Optional<FunctionReader.LiveFunction> function = reader.function(name);
        if (function.isEmpty()) {
            run.drift(List.of("the function " + name + " was deleted meanwhile"));
            settle(new Seen(true, name + " does not exist any more"), denied);
            return;
        }
        run.drift(changes(function.get()));
        settle(restore(), denied);
    }

    /** Not only where it is shown as cut: the change may not be shown yet. */
    private Seen restore() {
        CallHistory history = new CallHistory(run.action());
        Optional<Integer> seen = reader.reserved(name);
        boolean isBefore = seen.equals(before());
        boolean cut = history.perhapsMade(FunctionChange.cut(name).call()) && !wasCut();
        boolean restored = history.perhapsMade(FunctionChange.restore(name, before()).call());
        if (!isBefore && (!cut || !isCut(seen))) {
            run.drift(
                    List.of(
                            "%s has %s, set by somebody else; left so (before: %s)"
                                    .formatted(
                                            name,
                                            FunctionChange.shown(seen),
                                            FunctionChange.shown(before()))));
            return new Seen(true, concurrency());
        }
        if (cut && isBefore && wasSeenCut() && !restored) {
            run.drift(
                    List.of(
                            "%s was given %s meanwhile"
                                    .formatted(name, FunctionChange.shown(before()))));
        }
        if (cut && !(isBefore && history.made(FunctionChange.restore(name, before()).call()))) {
            FunctionChange.restore(name, before()).make(run, lambda);
        }
        return new Seen(reader.reserved(name).equals(before()), concurrency());
    }

    private boolean wasSeenCut() {
        return run.action().getVerificationsList().stream().anyMatch(each -> each.getPassed());
    }

    @Override
    public String remains() {
        return "%s; %s; undo restores what this action changed"
                .formatted(
                        concurrency(),
                        deny().map(each -> each.seen().detail()).orElse("its role was left alone"));
    }

    /** What others made of it: code and role are theirs, and stay so. */
    private List<String> changes(FunctionReader.LiveFunction now) {
        FunctionState was = run.action().getFunctionState();
        String code =
                now.codeSha256().equals(was.getCodeSha256())
                        ? ""
                        : "the code of %s was changed meanwhile: its SHA-256 is %s, and was %s"
                                .formatted(name, now.codeSha256(), was.getCodeSha256());
        String role =
                now.roleArn().equals(was.getRoleArn())
                        ? ""
                        : "%s has the role %s meanwhile, which this action does not deny"
                                .formatted(name, now.roleArn());
        return List.of(code, role).stream().filter(each -> !each.isEmpty()).toList();
    }

    /** Where it is part of the action. */
    private Optional<DenyPlacement> deny() {
        String role = run.action().getFunctionState().getRoleArn();
        return run.action().hasPrincipalDenyState()
                ? Optional.of(
                        DenyPlacement.inRole(
                                role.substring(role.lastIndexOf('/') + 1),
                                cloud.identity(),
                                run,
                                clock))
                : Optional.empty();
    }

    private boolean isCut() {
        return isCut(reader.reserved(name));
    }

    private static boolean isCut(Optional<Integer> reserved) {
        return reserved.filter(each -> each == 0).isPresent();
    }

    private boolean wasCut() {
        return isCut(before());
    }

    private Optional<Integer> before() {
        FunctionState state = run.action().getFunctionState();
        return state.hasReservedConcurrency()
                ? Optional.of(state.getReservedConcurrency())
                : Optional.empty();
    }

    private String concurrency() {
        return name + " has " + FunctionChange.shown(reader.reserved(name));
    }

    private void settle(Seen first, Optional<Seen> second) {
        Seen both = both(first, second);
        verified(both);
        if (!both.passed()) {
            throw new RetryLaterException(
                    both.detail() + ": AWS needs a while, or somebody changed it");
        }
    }

    private static Seen both(Seen first, Optional<Seen> second) {
        return second.map(each ->
                        new Seen(
                                first.passed() && each.passed(),
                                first.detail() + "; " + each.detail()))
                .orElse(first);
    }

    private void verified(Seen seen) {
        run.verified(
                VerificationLevel.VERIFICATION_LEVEL_CONFIG_READ, seen.passed(), seen.detail());
    }

    private void watched(Seen seen) {
        run.watched(VerificationLevel.VERIFICATION_LEVEL_CONFIG_READ, seen.passed(), seen.detail());
    }
}
