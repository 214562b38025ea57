/**
 * Proposals. {@link dev.yagura.response.proposal.IncidentFollower} follows detection's incidents
 * from where it was, and proposes to isolate the instance of each critical one, once; a person
 * decides.
 */
@org.jspecify.annotations.NullMarked
package dev.yagura.response.proposal;
