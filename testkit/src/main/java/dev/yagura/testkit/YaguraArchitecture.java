package dev.yagura.testkit;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.NullMarked;

/**
 * The boundaries of a module as rules, checked by a test of each:
 *
 * <pre>{@code
 * @Test
 * void keepsTheBoundaries() {
 *     YaguraArchitecture.of("dev.yagura.detection").check();
 * }
 * }</pre>
 *
 * <p>Features (the packages below the base) have no cycles. gRPC is only in classes named
 * …Endpoint, …Interceptor or Grpc… (the other side of a store-like interface). Jakarta Persistence
 * is only in classes named Jpa…, and entities are package-private. Nothing depends on another
 * service. Packages are null-marked, and no name is a Manager, Helper, Util, Impl or DTO.
 */
public final class YaguraArchitecture {
    private static final String ROOT = "dev.yagura";

    /** Modules without a process of their own. */
    private static final List<String> LIBRARIES =
            List.of("common", "indicator", "proto", "sigma", "telemetry");

    private static final Pattern GRPC_NAME =
            Pattern.compile("Grpc.*|.*(Endpoint|Endpoints|Interceptor)");

    private static final Pattern JPA_NAME = Pattern.compile("Jpa.*");

    private static final Pattern EMPTY_NAME =
            Pattern.compile(".*(Manager|Helper|Helpers|Util|Utils|Impl|DTO|Dto)");

    private final String base;
    private final List<String> grpcPackages;
    private final List<String> neighbours;

    private YaguraArchitecture(String base, List<String> grpcPackages, List<String> neighbours) {
        this.base = base;
        this.grpcPackages = grpcPackages;
        this.neighbours = neighbours;
    }

    /**
     * Rules of a module.
     *
     * @param base its package, for example "dev.yagura.detection"
     */
    public static YaguraArchitecture of(String base) {
        return new YaguraArchitecture(base, List.of(), List.of());
    }

    /**
     * Also allows gRPC in a package whose subject it is.
     *
     * @param grpcPackage for example "dev.yagura.gateway.proxy.."
     */
    public YaguraArchitecture withGrpcIn(String grpcPackage) {
        return new YaguraArchitecture(base, with(grpcPackages, grpcPackage), neighbours);
    }

    /**
     * Also allows code of another module, for a program that stands outside the platform.
     *
     * @param modulePackage for example "dev.yagura.sandbox.."
     */
    public YaguraArchitecture withNeighbour(String modulePackage) {
        return new YaguraArchitecture(base, grpcPackages, with(neighbours, modulePackage));
    }

    private static List<String> with(List<String> some, String one) {
        List<String> more = new ArrayList<>(some);
        more.add(one);
        return List.copyOf(more);
    }

    /** Fails with every place that breaks a rule. */
    public void check() {
        ArchConfiguration.withThreadLocalScope(configuration -> {
            // Rules ask what is used by its name: reading all of it takes most of a minute.
            configuration.setResolveMissingDependenciesFromClassPath(false);
            checkRules();
        });
    }

    private void checkRules() {
        JavaClasses module =
                new ClassFileImporter()
                        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                        .importPackages(base);
        for (ArchRule rule : rules()) {
            rule.allowEmptyShould(true).check(module);
        }
    }

    List<ArchRule> rules() {
        return List.of(
                featuresHaveNoCycles(),
                grpcStaysAtTheEdge(),
                persistenceStaysInStores(),
                entitiesArePackagePrivate(),
                servicesAreApart(),
                packagesAreNullMarked(),
                namesSayWhatThingsAre());
    }

    private ArchRule featuresHaveNoCycles() {
        return slices().matching(base + ".(*)..").should().beFreeOfCycles();
    }

    private ArchRule grpcStaysAtTheEdge() {
        return noClasses()
                .that(areNotNamed(GRPC_NAME))
                .and()
                .resideOutsideOfPackages(grpcPackages.toArray(String[]::new))
                .should()
                .dependOnClassesThat(resideInAPackage("io.grpc.."))
                .because("only an endpoint, an interceptor or a Grpc… client knows the transport");
    }

    private static ArchRule persistenceStaysInStores() {
        return noClasses()
                .that(areNotNamed(JPA_NAME))
                .should()
                .dependOnClassesThat(resideInAPackage("jakarta.persistence.."))
                .because("Jakarta Persistence stays in Jpa… stores and entities");
    }

    private static ArchRule entitiesArePackagePrivate() {
        return classes()
                .that()
                .areAnnotatedWith("jakarta.persistence.Entity")
                .should()
                .notHaveModifier(JavaModifier.PUBLIC)
                .because("an entity never leaves its store");
    }

    private ArchRule servicesAreApart() {
        List<String> known = new ArrayList<>(neighbours);
        known.add(base + "..");
        LIBRARIES.forEach(library -> known.add(ROOT + "." + library + ".."));
        return noClasses()
                .should()
                .dependOnClassesThat(
                        resideInAPackage(ROOT + "..")
                                .and(
                                        DescribedPredicate.not(
                                                resideInAnyPackage(known.toArray(String[]::new)))))
                .because("services share contracts and libraries, not code");
    }

    private static ArchRule packagesAreNullMarked() {
        return classes()
                .should(
                        new ArchCondition<JavaClass>("be in a null-marked package") {
                            @Override
                            public void check(JavaClass type, ConditionEvents events) {
                                if (!type.getPackage().isAnnotatedWith(NullMarked.class)) {
                                    events.add(
                                            SimpleConditionEvent.violated(
                                                    type,
                                                    type.getPackageName()
                                                            + " has no package-info with"
                                                            + " @NullMarked"));
                                }
                            }
                        });
    }

    private static ArchRule namesSayWhatThingsAre() {
        return noClasses()
                .should()
                .haveNameMatching(EMPTY_NAME.pattern())
                .because("a name is a noun of the domain");
    }

    /** Of the outermost class: what is inside belongs to it. */
    private static DescribedPredicate<JavaClass> areNotNamed(Pattern name) {
        return describe(
                "are not named " + name.pattern(),
                type -> {
                    JavaClass outermost = type;
                    while (outermost.getEnclosingClass().isPresent()) {
                        outermost = outermost.getEnclosingClass().get();
                    }
                    return !name.matcher(outermost.getSimpleName()).matches();
                });
    }
}
