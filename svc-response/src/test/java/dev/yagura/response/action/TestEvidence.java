package dev.yagura.response.action;

import dev.yagura.common.evidence.EvidenceChain;
import dev.yagura.common.evidence.EvidenceChain.KnownHead;
import dev.yagura.common.evidence.EvidenceChain.Problem;
import dev.yagura.common.evidence.EvidenceLink;
import dev.yagura.common.evidence.EvidenceLink.Head;
import dev.yagura.proto.response.v1.EvidenceEntry;
import dev.yagura.proto.response.v1.EvidenceHead;
import dev.yagura.proto.response.v1.EvidenceRecord;
import dev.yagura.proto.response.v1.ExportEvidenceRequest;
import dev.yagura.proto.response.v1.ExportEvidenceResponse;
import dev.yagura.proto.response.v1.GetEvidenceHeadRequest;
import dev.yagura.response.TestService;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The chain of evidence of a service, as its readers get it. */
record TestEvidence(TestService service) {
    /** What is wrong with all of it, for whoever knows this head. */
    Optional<Problem> verify(Head known) {
        return verify(records(""), known);
    }

    static Optional<Problem> verify(List<EvidenceRecord> records, Head known) {
        EvidenceChain chain = new EvidenceChain(List.of(new KnownHead(known, "the known head")));
        records.forEach(each ->
                chain.add(
                        each.getRecord().isEmpty()
                                ? EvidenceLink.withheld(
                                        each.getNumber(),
                                        each.getPreviousHash(),
                                        each.getRecordHash(),
                                        each.getHash())
                                : EvidenceLink.whole(
                                        each.getNumber(),
                                        each.getPreviousHash(),
                                        each.getRecord(),
                                        each.getHash(),
                                        each.getAction())));
        return chain.end().problem();
    }

    List<EvidenceRecord> records(String action) {
        return export(service.evidenceOf(Set.of()).exportEvidence(request(action)));
    }

    static List<EvidenceRecord> export(Iterator<ExportEvidenceResponse> responses) {
        List<EvidenceRecord> records = new ArrayList<>();
        responses.forEachRemaining(each -> records.add(each.getRecord()));
        return records;
    }

    static ExportEvidenceRequest request(String action) {
        return ExportEvidenceRequest.newBuilder().setAction(action).build();
    }

    Head head() {
        EvidenceHead head =
                service.evidenceOf(Set.of(TestService.TOKYO.getAccountId()))
                        .getEvidenceHead(GetEvidenceHeadRequest.getDefaultInstance());
        return new Head(head.getNumber(), head.getHash());
    }

    /** As the owner of the tables may. */
    void setHead(Head head) {
        service.postgres()
                .execute(
                        "UPDATE evidence_head SET number = %s, hash = decode('%s', 'hex')"
                                .formatted((Object[]) head.toString().split(":", 2)));
    }

    /** Events in order; a state by its name, calls that follow each other by their number. */
    static List<String> story(List<EvidenceEntry> entries) {
        List<String> story = new ArrayList<>();
        int calls = 0;
        for (EvidenceEntry entry : entries) {
            if (name(entry).equals("CALL_BEGUN")) {
                calls++;
            } else if (!name(entry).equals("CALL_ANSWERED")) {
                if (calls > 0) {
                    story.add(calls + " calls");
                }
                calls = 0;
                story.add(
                        name(entry).equals("STATE_CHANGED")
                                ? JpaAction.name(entry.getChange().getState())
                                : name(entry));
            }
        }
        return story;
    }

    static String name(EvidenceEntry entry) {
        return entry.getEvent().name().substring("EVIDENCE_EVENT_".length());
    }
}
