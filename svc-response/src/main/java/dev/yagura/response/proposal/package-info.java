/**
 * What the service does about incidents by itself. {@link
 * dev.yagura.response.proposal.IncidentFollower} follows detection's incidents from where it was
 * and tells every {@link dev.yagura.response.proposal.IncidentListener}. One of them proposes to
 * isolate the instance of each critical one, once; a person decides.
 */
@org.jspecify.annotations.NullMarked
package dev.yagura.response.proposal;
