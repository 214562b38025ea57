package dev.yagura.inventory.account;

import java.util.List;
import java.util.stream.Stream;

/** What came of the calls of one reading of an account. */
public record AccountAnswers(
        Answer<RootUser> root,
        Answer<PasswordPolicy> passwords,
        Answer<List<IamUser>> users,
        Answer<PublicAccessBlock> publicAccess) {

    /** Why some told nothing; empty when all did, or will soon. */
    public List<String> failures() {
        return all().flatMap(answer ->
                        answer instanceof Answer.Failed<?> failed
                                ? Stream.of(failed.why())
                                : Stream.empty())
                .toList();
    }

    /** Whether one will tell soon. */
    public boolean isPending() {
        return all().anyMatch(Answer.Pending.class::isInstance);
    }

    private Stream<Answer<?>> all() {
        return Stream.of(root, passwords, users, publicAccess);
    }
}
