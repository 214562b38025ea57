/**
 * Containment of the credentials that an EC2 instance's role gave away: the instance gets an
 * instance profile that may do nothing but Systems Manager, then the role denies every session that
 * this instance got before; later exactly the former profile, and no deny.
 *
 * <p>{@link dev.yagura.response.credentials.RoleReader} reads the world, always live. {@link
 * dev.yagura.response.credentials.RoleSurvey} is what was read, {@link
 * dev.yagura.response.credentials.RolePreflight} what refuses, {@link
 * dev.yagura.response.credentials.SessionDeny} the policy. {@link
 * dev.yagura.response.credentials.RoleContainment} applies and verifies, {@link
 * dev.yagura.response.credentials.RoleRelease} undoes. Each {@link
 * dev.yagura.response.credentials.RoleChange} is one call: planned and sent from the same place.
 *
 * <p>Sessions of other roles that came of the instance's are what a {@link
 * dev.yagura.response.credentials.TrailSearch} finds in CloudTrail, which is slow: a plan that
 * nobody acts on asks it for seconds, an action when the instance's own sessions are denied, and
 * {@link dev.yagura.response.credentials.ChainDenial} denies what it finds.
 */
@org.jspecify.annotations.NullMarked
package dev.yagura.response.credentials;
