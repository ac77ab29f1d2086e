//! The words of conditions: type, status, reason and rule id of every verdict (status.md §1).

use crate::eval::{
    ConflictReason, GatewayAccepted, GatewayClassAccepted, GatewayProgrammed, GatewayResolvedRefs, ListenerAccepted,
    ListenerProgrammed, ListenerResolvedRefs, ListenerSetOutcome, PolicyAccepted, PolicyResolvedRefs, RouteAccepted,
    RouteResolvedRefs, Support,
};
use crate::source::Span;
use crate::status::Condition;
use crate::status::message;

pub(crate) const TRUE: &str = "True";
pub(crate) const FALSE: &str = "False";
pub(crate) const UNKNOWN: &str = "Unknown";

/// Status, reason and rule id.
pub(crate) type Words = (&'static str, &'static str, &'static str);

/// A condition from its words and what it rests on.
#[derive(Clone)]
pub(crate) struct Draft<'s> {
    pub(crate) r#type: &'static str,
    pub(crate) words: Words,
    pub(crate) message: String,
    pub(crate) location: Option<Span>,
    pub(crate) support: &'s Support,
}

impl Draft<'_> {
    /// Writes it out; `managed` is how well it stands that anybody writes the status at all.
    pub(crate) fn finish(self, managed: &Support, generation: i64) -> Condition {
        let support = self.support.clone().and(managed);
        let (status, reason, rule) = self.words;
        let texts = |facts: &std::collections::BTreeSet<_>| facts.iter().map(message::fact).collect();
        let missing = if status == UNKNOWN { texts(&support.missing) } else { Vec::new() };
        Condition {
            r#type: self.r#type,
            status,
            reason,
            message: self.message,
            observed_generation: generation,
            basis: support.basis,
            rule,
            assumptions: texts(&support.assumptions),
            missing,
            location: self.location,
        }
    }
}

pub(crate) fn gateway_class_accepted(verdict: &GatewayClassAccepted) -> Words {
    match verdict {
        GatewayClassAccepted::Accepted => (TRUE, "Accepted", "GC-5"),
        GatewayClassAccepted::InvalidParameters(_) => (FALSE, "InvalidParameters", "GC-4"),
    }
}

pub(crate) fn gateway_accepted(verdict: &GatewayAccepted) -> Words {
    match verdict {
        GatewayAccepted::Accepted => (TRUE, "Accepted", "GW-7"),
        GatewayAccepted::SomeListenersNotValid(_) => (TRUE, "ListenersNotValid", "GW-6"),
        GatewayAccepted::ClassNotAccepted => (FALSE, "Invalid", "GW-2"),
        GatewayAccepted::InvalidParameters(_) => (FALSE, "InvalidParameters", "GW-3"),
        GatewayAccepted::UnsupportedAddress(_) => (FALSE, "UnsupportedAddress", "GW-4"),
        GatewayAccepted::ListenersNotValid(_) => (FALSE, "ListenersNotValid", "GW-5"),
    }
}

pub(crate) fn gateway_programmed(verdict: &GatewayProgrammed) -> Words {
    match verdict {
        GatewayProgrammed::Programmed => (TRUE, "Programmed", "GW-17"),
        GatewayProgrammed::NotAccepted => (FALSE, "Invalid", "GW-11"),
        GatewayProgrammed::NoListenerProgrammed => (FALSE, "Invalid", "GW-12"),
        GatewayProgrammed::AddressNotUsable(_) => (FALSE, "AddressNotUsable", "GW-13"),
        GatewayProgrammed::AddressNotAssigned(_) => (FALSE, "AddressNotAssigned", "GW-14"),
    }
}

pub(crate) fn gateway_resolved_refs(verdict: &GatewayResolvedRefs) -> Words {
    match verdict {
        GatewayResolvedRefs::ResolvedRefs => (TRUE, "ResolvedRefs", "GW-23"),
        GatewayResolvedRefs::RefNotPermitted => (FALSE, "RefNotPermitted", "GW-20"),
        GatewayResolvedRefs::InvalidClientCertificateRef => (FALSE, "InvalidClientCertificateRef", "GW-21"),
        GatewayResolvedRefs::ListenersNotResolved(_) => (FALSE, "ListenersNotResolved", "GW-22"),
    }
}

fn conflict(reason: ConflictReason) -> &'static str {
    match reason {
        ConflictReason::ProtocolConflict => "ProtocolConflict",
        ConflictReason::HostnameConflict => "HostnameConflict",
    }
}

pub(crate) fn listener_accepted(verdict: ListenerAccepted) -> Words {
    match verdict {
        ListenerAccepted::Accepted => (TRUE, "Accepted", "L-8"),
        ListenerAccepted::UnsupportedProtocol => (FALSE, "UnsupportedProtocol", "L-2"),
        ListenerAccepted::UnsupportedValue => (FALSE, "UnsupportedValue", "L-3"),
        ListenerAccepted::Conflicted(reason) => (FALSE, conflict(reason), "L-4"),
        ListenerAccepted::PortUnavailable => (FALSE, "PortUnavailable", "L-5"),
        ListenerAccepted::NoValidCaCertificate => (FALSE, "NoValidCACertificate", "L-6"),
        ListenerAccepted::RefNotPermitted => (FALSE, "RefNotPermitted", "L-7"),
        ListenerAccepted::TooManyListeners => (FALSE, "TooManyListeners", "L-5"),
        ListenerAccepted::SetNotAdmitted => (UNKNOWN, "Pending", "LS-3"),
    }
}

pub(crate) fn listener_resolved_refs(verdict: ListenerResolvedRefs) -> Words {
    match verdict {
        ListenerResolvedRefs::ResolvedRefs => (TRUE, "ResolvedRefs", "L-15"),
        ListenerResolvedRefs::RefNotPermitted => (FALSE, "RefNotPermitted", "L-10"),
        ListenerResolvedRefs::InvalidCertificateRef => (FALSE, "InvalidCertificateRef", "L-11"),
        ListenerResolvedRefs::InvalidCaCertificateKind => (FALSE, "InvalidCACertificateKind", "L-12"),
        ListenerResolvedRefs::InvalidCaCertificateRef => (FALSE, "InvalidCACertificateRef", "L-13"),
        ListenerResolvedRefs::InvalidRouteKinds => (FALSE, "InvalidRouteKinds", "L-14"),
    }
}

pub(crate) fn listener_programmed(verdict: ListenerProgrammed) -> Words {
    match verdict {
        ListenerProgrammed::Programmed => (TRUE, "Programmed", "L-25"),
        ListenerProgrammed::Conflicted(reason) => (FALSE, conflict(reason), "L-20"),
        ListenerProgrammed::PortUnavailable => (FALSE, "PortUnavailable", "L-21"),
        ListenerProgrammed::NotAccepted => (FALSE, "Invalid", "L-21"),
        ListenerProgrammed::NoUsableCertificate => (FALSE, "Invalid", "L-22"),
        ListenerProgrammed::NoUsableKinds => (FALSE, "Invalid", "L-23"),
    }
}

pub(crate) fn listener_conflicted(reason: ConflictReason) -> Words {
    match reason {
        ConflictReason::ProtocolConflict => (TRUE, conflict(reason), "L-30"),
        ConflictReason::HostnameConflict => (TRUE, conflict(reason), "L-31"),
    }
}

/// Words of `Accepted` and `Programmed`; `None` where nobody writes a status (LS-1).
pub(crate) fn listener_set(outcome: &ListenerSetOutcome) -> Option<(Words, Words)> {
    let both = |status, reason, rule| Some(((status, reason, rule), (status, reason, rule)));
    match outcome {
        ListenerSetOutcome::Accepted => Some(((TRUE, "Accepted", "LS-7"), (TRUE, "Programmed", "LS-7"))),
        ListenerSetOutcome::SomeListenersNotValid(_) => {
            Some(((TRUE, "ListenersNotValid", "LS-6"), (TRUE, "Programmed", "LS-6")))
        }
        ListenerSetOutcome::NoneProgrammed(failing) if failing.is_empty() => {
            Some(((TRUE, "Accepted", "LS-7"), (FALSE, "Invalid", "LS-8")))
        }
        ListenerSetOutcome::NoneProgrammed(_) => {
            Some(((TRUE, "ListenersNotValid", "LS-6"), (FALSE, "Invalid", "LS-8")))
        }
        ListenerSetOutcome::ParentKindUnknown
        | ListenerSetOutcome::ParentAbsent
        | ListenerSetOutcome::ParentRefused
        | ListenerSetOutcome::ParentNotManaged => None,
        ListenerSetOutcome::ParentNotAccepted => {
            Some(((FALSE, "ParentNotAccepted", "LS-2"), (FALSE, "ParentNotProgrammed", "LS-2")))
        }
        ListenerSetOutcome::NotAllowed => both(FALSE, "NotAllowed", "LS-3"),
        ListenerSetOutcome::Undetermined => both(UNKNOWN, "Pending", "LS-3"),
        ListenerSetOutcome::ListenersNotValid => both(FALSE, "ListenersNotValid", "LS-5"),
    }
}

pub(crate) fn route_accepted(verdict: &RouteAccepted) -> Words {
    match verdict {
        RouteAccepted::Accepted => (TRUE, "Accepted", "R-7"),
        RouteAccepted::NoMatchingParent | RouteAccepted::ListenerSetNotAllowed => (FALSE, "NoMatchingParent", "R-2"),
        RouteAccepted::NotAllowedByListeners => (FALSE, "NotAllowedByListeners", "R-3"),
        RouteAccepted::NoMatchingListenerHostname => (FALSE, "NoMatchingListenerHostname", "R-4"),
        RouteAccepted::UnsupportedValue => (FALSE, "UnsupportedValue", "R-5"),
        RouteAccepted::IncompatibleFilters => (FALSE, "IncompatibleFilters", "R-6"),
        // The API asks for a rejection here, but has no constant for its reason.
        RouteAccepted::HostnameTaken(_) => (FALSE, "HostnameConflict", "R-4"),
        RouteAccepted::Undetermined => (UNKNOWN, "Pending", "R-1"),
    }
}

pub(crate) fn route_resolved_refs(verdict: RouteResolvedRefs) -> Words {
    match verdict {
        RouteResolvedRefs::RefNotPermitted => (FALSE, "RefNotPermitted", "R-20"),
        RouteResolvedRefs::InvalidKind => (FALSE, "InvalidKind", "R-21"),
        RouteResolvedRefs::BackendNotFound => (FALSE, "BackendNotFound", "R-22"),
        RouteResolvedRefs::UnsupportedProtocol => (FALSE, "UnsupportedProtocol", "R-23"),
        RouteResolvedRefs::UnsupportedValue => (FALSE, "UnsupportedValue", "B-7"),
        RouteResolvedRefs::ResolvedRefs => (TRUE, "ResolvedRefs", "R-24"),
    }
}

pub(crate) fn policy_accepted(verdict: &PolicyAccepted) -> Words {
    match verdict {
        PolicyAccepted::Accepted => (TRUE, "Accepted", "BT-5"),
        PolicyAccepted::TargetNotFound => (FALSE, "TargetNotFound", "BT-1"),
        PolicyAccepted::Conflicted(_) | PolicyAccepted::TrafficConflicted(_) => (FALSE, "Conflicted", "BT-2"),
        PolicyAccepted::Invalid(_) => (FALSE, "Invalid", "BT-3"),
        PolicyAccepted::NoValidCaCertificate => (FALSE, "NoValidCACertificate", "BT-4"),
    }
}

pub(crate) fn policy_resolved_refs(verdict: PolicyResolvedRefs) -> Words {
    match verdict {
        PolicyResolvedRefs::ResolvedRefs => (TRUE, "ResolvedRefs", "BT-8"),
        PolicyResolvedRefs::InvalidKind => (FALSE, "InvalidKind", "BT-6"),
        PolicyResolvedRefs::InvalidCaCertificateRef => (FALSE, "InvalidCACertificateRef", "BT-7"),
    }
}
