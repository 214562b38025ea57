package dev.yagura.response.playbook;

import com.google.protobuf.Descriptors.FieldDescriptor;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.navigation.CelNavigableAst;
import dev.cel.common.types.CelType;
import dev.cel.common.types.SimpleType;
import dev.yagura.common.yaml.SourceProblem;
import dev.yagura.common.yaml.YamlMessage;
import dev.yagura.proto.detection.v1.AssetSnapshot;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.PlaybookBranch;
import dev.yagura.proto.response.v1.PlaybookSpec;
import dev.yagura.proto.response.v1.PlaybookStart;
import dev.yagura.proto.response.v1.PlaybookStep;
import dev.yagura.response.playbook.Expressions.ExpressionException;
import dev.yagura.response.playbook.QuietTimes.QuietTimesException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** What must hold for a playbook beyond the form of its text. */
final class PlaybookCheck {
    private static final Pattern ID = Pattern.compile("[a-z][a-z0-9-]{0,62}");
    private static final Pattern STEP_ID = Pattern.compile("[a-z_][a-z0-9_]{0,62}");
    private static final int MOST_STEPS = 100;
    private static final int MOST_BRANCHES = 20;
    private static final int MOST_RETRIES = 5;
    private static final int LONGEST_TEXT = 4 * 1024;
    private static final String HOST = AssetSnapshot.getDescriptor().getFullName();

    private final YamlMessage source;
    private final List<SourceProblem> problems = new ArrayList<>();
    private final Set<String> ids = new HashSet<>();

    private PlaybookCheck(YamlMessage source) {
        this.source = source;
    }

    static List<SourceProblem> problems(PlaybookSpec spec, YamlMessage source) {
        PlaybookCheck check = new PlaybookCheck(source);
        check.spec(spec);
        return check.problems;
    }

    private void spec(PlaybookSpec spec) {
        if (!ID.matcher(spec.getId()).matches()) {
            refuse("id", "id is lower-case letters, digits and hyphens, at most 63");
        }
        if (spec.getTitle().isBlank()) {
            refuse("title", "title is missing");
        }
        text("title", spec.getTitle());
        text("description", spec.getDescription());
        duration("timeout", spec.getTimeout(), Timeouts.LONGEST_RUN);
        condition("when", spec.getWhen(), Set.of());
        quietHours(spec);
        if (spec.getStepsCount() == 0) {
            refuse("steps", "steps are missing: a playbook has at least one");
        }
        steps("steps", spec.getStepsList(), new TreeSet<>());
        if (ids.size() > MOST_STEPS) {
            refuse("steps", "there are " + ids.size() + " steps; at most " + MOST_STEPS);
        }
    }

    private void quietHours(PlaybookSpec spec) {
        if (!spec.hasQuietHours()) {
            return;
        }
        if (spec.getStart() != PlaybookStart.PLAYBOOK_START_AUTOMATIC) {
            refuse("quiet_hours", "quiet hours are for runs that start by themselves");
        }
        try {
            QuietTimes.of(spec.getQuietHours());
        } catch (QuietTimesException e) {
            refuse("quiet_hours", String.valueOf(e.getMessage()));
        }
    }

    /**
     * Steps in order.
     *
     * @param before ids of the steps that have ended when the first of them begins; those of the
     *     list are added
     */
    private void steps(String path, List<PlaybookStep> steps, Set<String> before) {
        for (int i = 0; i < steps.size(); i++) {
            step(path + "[" + i + "]", steps.get(i), before);
        }
    }

    private void step(String path, PlaybookStep step, Set<String> before) {
        if (!STEP_ID.matcher(step.getId()).matches()) {
            refuse(
                    path + ".id",
                    "each step has an id of lower-case letters, digits and underscores");
        } else if (!ids.add(step.getId())) {
            refuse(path + ".id", "another step has the id " + step.getId());
        }
        text(path + ".title", step.getTitle());
        condition(path + ".when", step.getWhen(), before);
        duration(path + ".timeout", step.getTimeout(), Timeouts.LONGEST_RUN);
        if (step.getRetries() < 0 || step.getRetries() > MOST_RETRIES) {
            refuse(path + ".retries", "retries are 0 to " + MOST_RETRIES);
        }
        if (step.getAction().isEmpty() == (step.getParallelCount() == 0)) {
            refuse(path, "a step has either an action or parallel branches");
        } else if (step.getParallelCount() > 0) {
            branches(path, step, before);
        } else {
            action(path, step, before);
        }
        before.add(step.getId());
    }

    private void branches(String path, PlaybookStep step, Set<String> before) {
        if (step.getParallelCount() > MOST_BRANCHES) {
            refuse(path + ".parallel", "there are at most " + MOST_BRANCHES + " branches");
        }
        if (step.getWithCount() > 0
                || step.getApproval()
                || step.getRetries() > 0
                || !step.getForEach().isEmpty()
                || !step.getTimeout().isEmpty()) {
            refuse(
                    path,
                    "with, for_each, approval, retries and timeout are for steps with an action");
        }
        Set<String> inside = new TreeSet<>();
        for (int i = 0; i < step.getParallelCount(); i++) {
            PlaybookBranch branch = step.getParallel(i);
            String branchPath = path + ".parallel[" + i + "]";
            if (branch.getStepsCount() == 0) {
                refuse(branchPath, "a branch has at least one step");
            }
            // A branch does not see the ones beside it: they end in any order.
            Set<String> seen = new TreeSet<>(before);
            steps(branchPath + ".steps", branch.getStepsList(), seen);
            inside.addAll(seen);
        }
        before.addAll(inside);
    }

    private void action(String path, PlaybookStep step, Set<String> before) {
        if (Kinds.of(step.getAction()) == ActionKind.ACTION_KIND_UNSPECIFIED) {
            refuse(
                    path + ".action",
                    step.getAction() + " is no kind of action; write one of " + Kinds.names());
        }
        if (Kinds.of(step.getAction()) == ActionKind.ACTION_KIND_IMPORT_FINDINGS
                && step.getWithCount() > 0) {
            refuse(path + ".with", "import_findings takes the incident as it is, and nothing else");
        }
        Optional<CelType> each = each(path, step, before);
        boolean namesEach = false;
        for (Map.Entry<String, String> with : step.getWithMap().entrySet()) {
            namesEach |= field(path + ".with." + with.getKey(), with, before, each);
        }
        boolean isHost = each.isPresent() && each.get().name().equals(HOST);
        if (each.isPresent() && !isHost && !namesEach) {
            refuse(
                    path + ".for_each",
                    "no field of with has each in it: every element would be the same action");
        }
    }

    /** Type of the elements of its list; empty when there is none. */
    private Optional<CelType> each(String path, PlaybookStep step, Set<String> before) {
        if (step.getLimit() < 0 || step.getLimit() > StepElements.MOST) {
            refuse(path + ".limit", "limit is 1 to " + StepElements.MOST);
        }
        if (step.getAtOnce() < 0 || step.getAtOnce() > StepElements.MOST_AT_ONCE) {
            refuse(path + ".at_once", "at_once is 1 to " + StepElements.MOST_AT_ONCE);
        }
        if (step.getForEach().isEmpty()) {
            if (step.getLimit() != 0 || step.getAtOnce() != 0) {
                refuse(path, "limit and at_once are for steps with for_each");
            }
            return Optional.empty();
        }
        if (Kinds.of(step.getAction()) == ActionKind.ACTION_KIND_IMPORT_FINDINGS) {
            refuse(path + ".for_each", "import_findings takes the incident as it is, once");
        }
        String listPath = path + ".for_each";
        Optional<CelType> list = type(listPath, step.getForEach(), before, Optional.empty());
        Optional<CelType> each = list.flatMap(StepElements::type);
        if (list.isPresent() && each.isEmpty()) {
            refuse(
                    listPath,
                    "this is "
                            + list.get().name()
                            + ", and must be a list of texts, whole numbers or messages of one"
                            + " type");
        }
        return each;
    }

    /** True when the element of the step's list is in it. */
    private boolean field(
            String path,
            Map.Entry<String, String> with,
            Set<String> before,
            Optional<CelType> each) {
        String name = with.getKey();
        String expression = with.getValue();
        Optional<FieldDescriptor> field = TargetFields.find(name);
        if (name.equals("scope") || name.startsWith("scope.")) {
            refuse(path, "the scope is that of the incident: a playbook acts in no other account");
        } else if (field.isEmpty()) {
            refuse(path, name + " is no field of a target, such as instance_id or process.pid");
        } else {
            expression(path, expression, before, each, TargetFields.type(field.get()));
        }
        return each.isPresent() && names(expression, each.get());
    }

    private static boolean names(String expression, CelType each) {
        try {
            return CelNavigableAst.fromAst(Expressions.compile(expression, each))
                    .getRoot()
                    .allNodes()
                    .map(node -> node.expr())
                    .filter(expr -> expr.exprKind().getKind() == CelExpr.ExprKind.Kind.IDENT)
                    .anyMatch(expr -> expr.ident().name().equals(Expressions.EACH));
        } catch (ExpressionException e) {
            return true; // which was told
        }
    }

    private void condition(String path, String expression, Set<String> before) {
        if (!expression.isEmpty()) {
            expression(path, expression, before, Optional.empty(), SimpleType.BOOL);
        }
    }

    private void expression(
            String path,
            String expression,
            Set<String> before,
            Optional<CelType> each,
            CelType wanted) {
        type(path, expression, before, each)
                .filter(type -> !wanted.isAssignableFrom(type) && !type.equals(SimpleType.DYN))
                .ifPresent(type ->
                        refuse(path, "this is " + type.name() + ", and must be " + wanted.name()));
    }

    /** Of an expression; empty when it is none. */
    private Optional<CelType> type(
            String path, String expression, Set<String> before, Optional<CelType> each) {
        try {
            CelAbstractSyntaxTree compiled =
                    each.isPresent()
                            ? Expressions.compile(expression, each.get())
                            : Expressions.compile(expression);
            CelNavigableAst.fromAst(compiled)
                    .getRoot()
                    .allNodes()
                    .map(node -> node.expr())
                    .filter(PlaybookCheck::isOfSteps)
                    .map(expr -> expr.select().field())
                    .filter(id -> !before.contains(id))
                    .forEach(id ->
                            refuse(path, "no step " + id + " has ended when this is decided"));
            return Optional.of(Expressions.type(compiled));
        } catch (ExpressionException e) {
            refuse(path, String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    /** "steps.contain". */
    private static boolean isOfSteps(CelExpr expr) {
        return expr.exprKind().getKind() == CelExpr.ExprKind.Kind.SELECT
                && expr.select().operand().exprKind().getKind() == CelExpr.ExprKind.Kind.IDENT
                && expr.select().operand().ident().name().equals("steps");
    }

    private void duration(String path, String text, Duration longest) {
        if (text.isEmpty()) {
            return;
        }
        Optional<Duration> duration = Timeouts.parse(text);
        if (duration.isEmpty()
                || !duration.get().isPositive()
                || duration.get().compareTo(longest) > 0) {
            refuse(path, "a time is ISO 8601 such as PT30M, at most " + longest);
        }
    }

    private void text(String path, String text) {
        if (text.length() > LONGEST_TEXT) {
            refuse(path, "a text has at most " + LONGEST_TEXT + " characters");
        }
    }

    private void refuse(String path, String message) {
        problems.add(source.problem(path, message));
    }
}
