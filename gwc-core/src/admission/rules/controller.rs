//! What GatewayClass and XMesh share: who is in charge of them.

use super::logic::{Outcome, equal};
use super::{CelRule, RuleCx, RuleError};

/// GatewayClass and XMesh, `spec.controllerName`: never changes.
pub(super) const NAME_CHANGED: CelRule = CelRule {
    id: "controller-name.changed",
    check: name_changed,
    transition: true,
    words: "`controllerName` differs from the stored value and cannot change",
    help: "restore the stored name, or delete the object and create it anew",
};

fn name_changed(cx: RuleCx<'_>) -> Outcome {
    cx.old.ok_or(RuleError).map(|old| equal(cx.value, old))
}
