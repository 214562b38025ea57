package dev.yagura.common.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.yagura.common.evidence.EvidenceChain.KnownHead;
import dev.yagura.common.evidence.EvidenceChain.Problem;
import dev.yagura.common.evidence.EvidenceChain.Verdict;
import dev.yagura.common.evidence.EvidenceLink.Head;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EvidenceChainTest {
    private static final int LENGTH = 6;

    private final List<EvidenceLink> chain = chain("record ");

    /** The formula, with a value that any other program can compute. */
    @Test
    void hashIsThatOfTheDocumentation() {
        assertThat(EvidenceLink.next(Head.EMPTY, "{}").head().toString())
                .isEqualTo("1:14adc9cba1df15f2b1625eab2d60630aee7265a4a92a6bc9535ef19177a56c9a");
    }

    @Test
    void acceptsAWholeChain() {
        Verdict verdict = verify(chain);

        assertThat(verdict.problem()).isEmpty();
        assertThat(verdict.head()).isEqualTo(chain.getLast().head());
        assertThat(verdict.withheld()).isZero();
        assertThat(verify(List.of()).head()).isEqualTo(Head.EMPTY);
    }

    @Test
    void acceptsWithheldContent() {
        EvidenceLink link = chain.get(2);
        chain.set(
                2,
                EvidenceLink.withheld(
                        link.number(), link.previousHash(), link.recordHash(), link.hash()));

        assertThat(verify(chain).problem()).isEmpty();
        assertThat(verify(chain).withheld()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, LENGTH})
    void namesARecordWhoseContentWasAltered(int number) {
        EvidenceLink link = chain.get(number - 1);
        chain.set(
                number - 1,
                EvidenceLink.whole(
                        number, link.previousHash(), "another", link.hash(), "actions/x"));

        assertThat(problem(chain).toString())
                .startsWith("record " + number + " (actions/x) was altered");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void namesARecordThatWasAlteredAndHashedAnew(int number) {
        Head before = number == 1 ? Head.EMPTY : chain.get(number - 2).head();
        chain.set(number - 1, EvidenceLink.next(before, "another"));

        assertThat(problem(chain).number()).isEqualTo(number);
        assertThat(problem(chain).detail()).startsWith("was replaced");
    }

    @Test
    void namesARecordThatIsMissing() {
        chain.remove(3);

        assertThat(problem(chain).toString())
                .isEqualTo("record 4 is missing: in its place stands record 5");
    }

    @Test
    void namesTheFirstRecordWhenItIsMissing() {
        chain.removeFirst();

        assertThat(problem(chain).number()).isEqualTo(1);
    }

    @Test
    void namesARecordThatIsNotInItsPlace() {
        EvidenceLink third = chain.get(2);
        chain.set(2, chain.get(3));
        chain.set(3, third);

        assertThat(problem(chain).toString())
                .isEqualTo("record 3 (subject 3) is not in its place: it stands further on");
    }

    @Test
    void namesARecordThatStandsTwice() {
        chain.add(3, chain.get(2));

        assertThat(problem(chain).number()).isEqualTo(4);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 15, 31})
    void namesARecordOneBitOfWhoseHashesWasFlipped(int place) {
        EvidenceLink link = chain.get(3);
        List<EvidenceLink> hash = new ArrayList<>(chain);
        hash.set(3, copy(link, link.previousHash(), flipped(link.hash(), place)));
        List<EvidenceLink> previous = new ArrayList<>(chain);
        previous.set(3, copy(link, flipped(link.previousHash(), place), link.hash()));

        assertThat(problem(hash).number()).isEqualTo(4);
        assertThat(problem(previous).number()).isEqualTo(4);
    }

    @Test
    void aChainWithoutItsTailOnlyFitsAHeadThatItStillHas() {
        List<EvidenceLink> cut = chain.subList(0, 4);

        assertThat(verify(cut).problem()).isEmpty();
        assertThat(verify(cut, chain.get(3).head()).problem()).isEmpty();
        assertThat(verify(cut, chain.getLast().head()).problem())
                .hasValueSatisfying(problem ->
                        assertThat(problem.toString())
                                .isEqualTo(
                                        "record 5 is missing: the chain ends at 4, the noted head"
                                                + " is 6"));
    }

    @Test
    void aRewrittenChainDoesNotHaveTheHeadThatWasNoted() {
        List<EvidenceLink> rewritten = chain("rewritten ");

        assertThat(verify(rewritten).problem()).isEmpty();
        assertThat(verify(rewritten, chain.get(3).head()).problem())
                .hasValueSatisfying(problem -> {
                    assertThat(problem.number()).isEqualTo(4);
                    assertThat(problem.detail()).contains("the noted head", "was rewritten");
                });
    }

    @Test
    void theFirstProblemIsTheOneThatIsNamed() {
        chain.remove(4);
        chain.set(
                1,
                copy(chain.get(1), chain.get(1).previousHash(), flipped(chain.get(1).hash(), 0)));

        assertThat(problem(chain).number()).isEqualTo(2);
    }

    private static List<EvidenceLink> chain(String content) {
        List<EvidenceLink> links = new ArrayList<>();
        Head head = Head.EMPTY;
        for (int i = 1; i <= LENGTH; i++) {
            EvidenceLink next = EvidenceLink.next(head, content + i);
            links.add(
                    EvidenceLink.whole(
                            i, next.previousHash(), content + i, next.hash(), "subject " + i));
            head = next.head();
        }
        return links;
    }

    private static EvidenceLink copy(EvidenceLink link, ByteString previous, ByteString hash) {
        return new EvidenceLink(
                link.number(), previous, link.recordHash(), hash, false, link.subject());
    }

    private static ByteString flipped(ByteString hash, int place) {
        byte[] bytes = hash.toByteArray();
        bytes[place] ^= 1;
        return ByteString.copyFrom(bytes);
    }

    private static Problem problem(List<EvidenceLink> links) {
        return verify(links).problem().orElseThrow();
    }

    private static Verdict verify(List<EvidenceLink> links, Head... noted) {
        EvidenceChain chain =
                new EvidenceChain(
                        List.of(noted).stream()
                                .map(head -> new KnownHead(head, "the noted head"))
                                .toList());
        links.forEach(chain::add);
        return chain.end();
    }
}
