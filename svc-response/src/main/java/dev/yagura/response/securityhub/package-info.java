/**
 * import_findings: an incident as one finding of AWS Security Hub. {@link
 * dev.yagura.response.securityhub.IncidentFinding} writes it, {@link
 * dev.yagura.response.securityhub.FindingForm} turns it into AWS's form and back, {@link
 * dev.yagura.response.securityhub.FindingsRun} imports and archives it.
 */
@org.jspecify.annotations.NullMarked
package dev.yagura.response.securityhub;
