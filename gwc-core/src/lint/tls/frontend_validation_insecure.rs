//! GWC4015 `frontend-validation-insecure`: client certificates are asked for, but need not be valid.
//!
//! # What it checks
//! `mode: AllowInsecureFallback` under `tls.frontend`, as default or for a port.
//!
//! # Why it matters
//! Connections without a certificate, or with one that no CA vouches for, are accepted as well: the validation proves
//! nothing. The Gateway gets InsecureFrontendValidationMode=True.
//!
//! # Example
//! ```yaml
//! tls:
//!   frontend:
//!     default:
//!       validation:
//!         mode: AllowInsecureFallback
//! ```
//!
//! # Fix
//! Use `AllowValidOnly`, or let the backend decide by the certificate that the Gateway hands on.
//!
//! # Specification
//! Gateway `spec.tls.frontend`, `GatewayConditionInsecureFrontendValidationMode`; status reference GW-30

use crate::api::gateway::{FrontendValidation, Gateway};
use crate::diagnostic::{Diagnostic, Diagnostics, rule};
use crate::lint::finding::{about, condition, is_checked};
use crate::lint::{Cx, Docs, Lint};

/// GWC4015.
pub(super) static LINT: Lint = Lint {
    code: rule::FRONTEND_VALIDATION_INSECURE,
    docs: Docs {
        summary: "client certificates are asked for, but need not be valid",
        what: "`mode: AllowInsecureFallback` under `tls.frontend`, as default or for a port.",
        why: "Connections without a certificate, or with one that no CA vouches for, are accepted as \
              well: the validation proves nothing. The Gateway gets InsecureFrontendValidationMode=True.",
        bad: r#"tls:
  frontend:
    default:
      validation:
        mode: AllowInsecureFallback
"#,
        good: r#"tls:
  frontend:
    default:
      validation:
        mode: AllowValidOnly
"#,
        fix: "Use `AllowValidOnly`, or let the backend decide by the certificate that the Gateway hands \
              on.",
        spec: "Gateway `spec.tls.frontend`, `GatewayConditionInsecureFrontendValidationMode`; status \
              reference GW-30",
    },
    check: Some(check),
};

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    let gateways = cx.graph.gateways.iter().zip(&cx.evaluation.gateways);
    for ((_, gateway), verdict) in gateways.filter(|((_, gateway), _)| is_checked(&gateway.meta)) {
        if !verdict.insecure_frontend {
            continue;
        }
        let validations = gateway.frontend_tls.iter().flat_map(|frontend| frontend.validations());
        let insecure = validations.filter(|validation| validation.mode.value == "AllowInsecureFallback");
        out.0.extend(insecure.map(|validation| diagnostic(gateway, validation)));
    }
}

fn diagnostic(gateway: &Gateway, validation: &FrontendValidation) -> Diagnostic {
    let message = "`AllowInsecureFallback` accepts clients without a valid certificate";
    about(&gateway.meta, rule::FRONTEND_VALIDATION_INSECURE, validation.mode.span, message)
        .primary_label("nothing is proven about the client")
        .effect("InsecureFrontendValidationMode=True/ConfigurationChanged")
        .help("use `AllowValidOnly`")
        .condition(condition("InsecureFrontendValidationMode", "True", "ConfigurationChanged"))
}
