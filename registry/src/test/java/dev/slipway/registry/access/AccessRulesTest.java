package dev.slipway.registry.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AccessRulesTest {
    @ParameterizedTest
    @CsvSource({
        "a, a, true",
        "a, ab, false",
        "a/*, a/b, true",
        "a/*, a/b/c, false",
        "a/*, a, false",
        "a/**, a/b/c, true",
        "**, a/b/c, true",
        "*, a, true",
        "*, a/b, false",
        "*/b, a/b, true",
        "**/b, a/x/b, true",
        "a*c/**, abc/d, true",
        "a-*, a-b, true",
        "a.b, axb, false",
        "**/x/**, a/x/b, true",
        "**/x/**, a/y/b, false",
    })
    void matchesRepositories(String pattern, String repository, boolean expected) {
        assertThat(new RepositoryPattern(pattern).matches(repository)).isEqualTo(expected);
    }

    @Test
    void allowsWhatARuleSaysAndNothingElse() {
        AccessRules rules = AccessRules.parse(
                List.of("# who", "", "alice team/** pull,push", "@users shared/* pull", "@anonymous public/** pull"),
                "rules");

        assertThat(rules.allow(Optional.of("alice"), Action.PUSH, "team/app")).isTrue();
        assertThat(rules.allow(Optional.of("alice"), Action.DELETE, "team/app")).isFalse();
        assertThat(rules.allow(Optional.of("bob"), Action.PUSH, "team/app")).isFalse();
        assertThat(rules.allow(Optional.of("bob"), Action.PULL, "shared/app")).isTrue();
        assertThat(rules.allow(Optional.empty(), Action.PULL, "shared/app")).isFalse();
        assertThat(rules.allow(Optional.empty(), Action.PULL, "public/app")).isTrue();
        assertThat(rules.allow(Optional.of("bob"), Action.PULL, "public/app")).isTrue();
        assertThat(rules.allow(Optional.empty(), Action.PUSH, "public/app")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"alice team/**", "alice team/** read", "alice TEAM pull", "alice a b pull"})
    void refusesMalformedRules(String line) {
        assertThatThrownBy(() -> AccessRules.parse(List.of("", line), "rules")).isInstanceOf(AccessException.class);
    }
}
