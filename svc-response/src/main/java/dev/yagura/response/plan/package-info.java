/**
 * The incident-response plan: a document with owners and contacts, linked to playbooks, and the
 * drills that practise it. {@link dev.yagura.response.plan.DrillReminder} says when one is overdue.
 */
@org.jspecify.annotations.NullMarked
package dev.yagura.response.plan;
