package dev.slipway.it;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import dev.slipway.base.CodedException;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The module table of ARCHITECTURE.md and the rules of CONTRIBUTING.md that bytecode can show. */
@AnalyzeClasses(packages = "dev.slipway", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String ROOT = "dev.slipway.";
    private static final Set<String> EVERYTHING = Set.of(
            "base",
            "posix",
            "fetch",
            "http",
            "oci",
            "registry",
            "model",
            "gallery",
            "protocol",
            "engine",
            "backend",
            "runtime",
            "server",
            "cli",
            "dist");

    /** Module to the modules it may use, {@code base} and itself aside. */
    private static final Map<String, Set<String>> MAY_USE = Map.ofEntries(
            Map.entry("base", Set.of()),
            Map.entry("posix", Set.of()),
            Map.entry("fetch", Set.of()),
            Map.entry("http", Set.of()),
            Map.entry("oci", Set.of("posix", "fetch")),
            Map.entry("registry", Set.of("oci", "http")),
            Map.entry("model", Set.of("fetch", "posix")),
            Map.entry("oracle", Set.of("model")),
            Map.entry("gallery", Set.of("oci", "fetch")),
            Map.entry("protocol", Set.of()),
            Map.entry("engine", Set.of("model", "posix")),
            Map.entry("backend", Set.of("engine", "model", "protocol")),
            Map.entry("runtime", Set.of("model", "protocol", "posix")),
            Map.entry("server", Set.of("http", "oci", "registry", "model", "gallery", "protocol", "runtime")),
            Map.entry("cli", EVERYTHING),
            Map.entry("dist", EVERYTHING),
            Map.entry("bench", everythingAnd("oracle")));

    private static Set<String> everythingAnd(String module) {
        return Stream.concat(EVERYTHING.stream(), Stream.of(module)).collect(Collectors.toSet());
    }

    @ArchTest
    static final ArchRule ARROWS_POINT_AS_THE_TABLE_SAYS = classes()
            .should(new ArchCondition<>("use only the modules the table allows") {
                @Override
                public void check(JavaClass from, ConditionEvents events) {
                    Set<String> allowed = MAY_USE.get(module(from));
                    if (allowed == null) {
                        events.add(SimpleConditionEvent.violated(from, "no row in the table for " + from.getName()));
                        return;
                    }
                    from.getDirectDependenciesFromSelf().stream()
                            .filter(dependency -> !allows(allowed, module(from), dependency))
                            .forEach(dependency ->
                                    events.add(SimpleConditionEvent.violated(from, dependency.getDescription())));
                }
            });

    @ArchTest
    static final ArchRule FOREIGN_MEMORY_STAYS_WHERE_IT_IS_OWNED = noClasses()
            .that()
            .resideOutsideOfPackages(
                    ROOT + "posix..", ROOT + "model..", ROOT + "engine.kernel..", ROOT + "oracle..", ROOT + "bench..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("java.lang.foreign");

    @ArchTest
    static final ArchRule VECTORS_STAY_IN_THE_KERNELS = noClasses()
            .that()
            .resideOutsideOfPackages(ROOT + "engine.kernel..", ROOT + "bench..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("jdk.incubator.vector");

    @ArchTest
    static final ArchRule THE_SERVER_DOES_NOT_KNOW_ITS_OWN_BACKEND = noClasses()
            .that()
            .resideInAPackage(ROOT + "server..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(ROOT + "engine..", ROOT + "backend..");

    @ArchTest
    static final ArchRule ONLY_THE_CLI_AND_THE_PACKAGER_PRINT = noClasses()
            .that()
            .resideOutsideOfPackages(ROOT + "cli..", ROOT + "dist..", ROOT + "bench..", ROOT + "backend..")
            .should()
            .accessField(System.class, "out")
            .orShould()
            .accessField(System.class, "err");

    @ArchTest
    static final ArchRule ERRORS_ARE_CODED = noClasses()
            .that()
            .resideOutsideOfPackage(ROOT + "protocol..")
            .and()
            .doNotBelongToAnyOf(CodedException.class)
            .should()
            .callConstructor(RuntimeException.class, String.class)
            .orShould()
            .callConstructor(RuntimeException.class, String.class, Throwable.class)
            .orShould()
            .callConstructor(RuntimeException.class, Throwable.class);

    @ArchTest
    static final ArchRule NO_VAGUE_PACKAGES = noClasses()
            .should()
            .resideInAnyPackage("..util..", "..utils..", "..common..", "..helper..", "..impl..", "..manager..");

    @ArchTest
    static final ArchRule THIRD_PARTY_TYPES_STAY_OUT_OF_SIGNATURES = methods()
            .that()
            .arePublic()
            .and()
            .areDeclaredInClassesThat(publicApi())
            .should(new ArchCondition<>("use JDK types and our own only") {
                @Override
                public void check(JavaMethod method, ConditionEvents events) {
                    Stream.concat(Stream.of(method.getRawReturnType()), method.getRawParameterTypes().stream())
                            .map(JavaClass::getBaseComponentType)
                            .filter(type -> !type.isPrimitive())
                            .map(JavaClass::getPackageName)
                            .filter(name -> !name.startsWith("java.")
                                    && !name.startsWith("javax.")
                                    && !name.startsWith("jdk.")
                                    && !name.startsWith(ROOT))
                            .forEach(name -> events.add(SimpleConditionEvent.violated(
                                    method, method.getFullName() + " shows a type of " + name)));
                }
            });

    private static DescribedPredicate<JavaClass> publicApi() {
        return DescribedPredicate.describe(
                "are public in the root package of a module other than protocol",
                type -> type.getModifiers().contains(JavaModifier.PUBLIC)
                        && type.getPackageName().equals(ROOT + module(type))
                        && !module(type).equals("protocol")
                        && type.getEnclosingClass().isEmpty());
    }

    private static boolean allows(Set<String> allowed, String self, Dependency dependency) {
        JavaClass target = dependency.getTargetClass().getBaseComponentType();
        if (!target.getPackageName().startsWith(ROOT)) {
            return true;
        }
        String module = module(target);
        return module.equals(self) || module.equals("base") || allowed.contains(module);
    }

    private static String module(JavaClass type) {
        String rest = type.getPackageName().substring(ROOT.length());
        int dot = rest.indexOf('.');
        return dot < 0 ? rest : rest.substring(0, dot);
    }
}
