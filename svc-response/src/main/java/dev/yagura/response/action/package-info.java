/**
 * An action from its request to its end.
 *
 * <pre>
 * CreateAction ──────────────► APPROVED ─► RUNNING ─► VERIFYING ─► SUCCEEDED ─┐
 *              └► AWAITING_ ─────┘ │ │        └─────────┴──► FAILED ──────────┤ UndoAction
 *                 APPROVAL ◄─┐     │ └► CANCELLED                             │
 * critical incident ─► PROPOSED ───┘         UNDONE ◄─┬─ UNDOING ◄────────────┤
 *   waiting ones also ─► CANCELLED, EXPIRED           └─► UNDO_FAILED ────────┘
 * </pre>
 *
 * {@link dev.yagura.response.action.ActionEndpoint} adds identity, scope and paging. {@link
 * dev.yagura.response.action.ActionCatalog} decides what a caller may start or end, {@link
 * dev.yagura.response.action.Approvals} who must agree. {@link
 * dev.yagura.response.action.ActionRunner} leases what there is to do and hands it, as an {@link
 * dev.yagura.response.action.ActionRun}, to the {@link dev.yagura.response.action.Procedure} of its
 * kind. The contract's message is the stored value: docs/decisions/0001.
 */
@org.jspecify.annotations.NullMarked
package dev.yagura.response.action;
